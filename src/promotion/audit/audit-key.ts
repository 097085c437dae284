import { createPrivateKey, type KeyObject } from 'node:crypto';
import { UserError } from '../../errors.js';
import { createPrivateFile, readPrivateFile } from '../../live/secrets/private-file.js';
import { newPrivateKey } from '../people/key-pair.js';

const parse = (text: string, path: string): KeyObject => {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What OpenSSL says of it may quote it.
  }
  throw new UserError('damaged-audit-key', `${path} holds no Ed25519 key.`, 4, 'Put a copy of it back.');
};

/** The workspace's signing key; undefined where there is none, or where it is another user's to read. */
export const findAuditKey = async (path: string): Promise<KeyObject | undefined> => {
  let text: string | undefined;
  try {
    text = await readPrivateFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined;
    throw error;
  }
  return text === undefined ? undefined : parse(text, path);
};

/** The signing key; a new one, for its owner alone, where a log begins and no file is there, not even one that this user cannot read. Throws when records are signed already and their key is gone: another key would be a stranger's. */
export const requireAuditKey = async (path: string, isNew: boolean): Promise<KeyObject> => {
  const found = await findAuditKey(path);
  if (found !== undefined) return found;
  if (isNew) {
    const key = newPrivateKey();
    if (await createPrivateFile(path, key.export({ format: 'pem', type: 'pkcs8' }).toString())) return key;
    // Another process has made one at the same time.
    const theirs = await findAuditKey(path);
    if (theirs !== undefined) return theirs;
  }
  throw new UserError(
    'no-audit-key',
    `The audit log's key ${path} is not there, or not yours to read.`,
    4,
    'Put a copy of it back, or name its place in quantai.config.ts: audit: { key: … }.',
  );
};
