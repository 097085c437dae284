import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { badData, usageError } from '../../errors.js';
import { readPrivateFile, writePrivateFile } from '../../live/secrets/private-file.js';
import { deriveKey, newSalt, NONCE_BYTES, SALT_BYTES, seal, SCRYPT_N, TAG_BYTES, unseal } from '../../live/secrets/sealing.js';
import type { Secret } from '../../live/secrets/secret.js';
import { newPrivateKey, publicKeyText, signText } from './key-pair.js';

/** Whose key, where it is kept (`audit/people` of the workspace), and what opens it. */
export interface PersonKeyOptions {
  readonly folder: string;
  readonly user: string;
  readonly passphrase: () => Promise<Secret>;
  /** Cost of trying one passphrase; lowered in tests only. */
  readonly n?: number;
}

const bytes = (length?: number) =>
  z
    .string()
    .transform(text => Buffer.from(text, 'base64'))
    .refine(decoded => length === undefined || decoded.length === length);

const Kept = z.strictObject({
  'quantai-person': z.literal(1),
  user: z.string(),
  publicKey: z.string(),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .int()
      .min(1024)
      .max(1 << 20),
    r: z.literal(8),
    p: z.literal(1),
    salt: bytes(SALT_BYTES),
  }),
  nonce: bytes(NONCE_BYTES),
  data: bytes(),
  tag: bytes(TAG_BYTES),
});

const SHORTEST = 10;
const USER = /^[a-z][a-z0-9._-]{0,39}$/i;

/** Throws a usage error for a name that could not be one of a file, or that looks like a part of the platform. */
export const requireUserName = (user: string): void => {
  // `audit` is who the log itself is.
  if (!USER.test(user) || user === 'audit')
    throw usageError('bad-user', `"${user}" is no name for a user.`, 'Use letters, digits, dots, dashes and underscores, e.g. alice.');
};

const fileOf = (folder: string, user: string): string => {
  requireUserName(user);
  return join(folder, `${user}.json`);
};

/** What a key is sealed together with: under another name it does not open. */
const about = (user: string, publicKey: string): string => `quantai-person 1 ${user} ${publicKey}`;

/**
 * Makes a key pair for somebody and keeps its private part under a passphrase (scrypt and AES-256-GCM), in a file that only its owner can read. Resolves to the public part.
 * Throws `weak-passphrase` for one of fewer than ten characters.
 */
export const makePersonKey = async ({ folder, user, passphrase, n = SCRYPT_N }: PersonKeyOptions): Promise<string> => {
  const file = fileOf(folder, user);
  const secret = await passphrase();
  if (secret.length < SHORTEST)
    throw usageError('weak-passphrase', `A passphrase has at least ${SHORTEST} characters.`, 'Use several words, or a generated one.');
  const key = newPrivateKey();
  const publicKey = publicKeyText(key);
  const salt = newSalt();
  const text = key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const { nonce, data, tag } = seal(await deriveKey(secret, salt, n), text, about(user, publicKey));
  const [base64Salt, base64Nonce, base64Data, base64Tag] = [salt, nonce, data, tag].map(each => each.toString('base64'));
  const kept = {
    'quantai-person': 1,
    user,
    publicKey,
    kdf: { name: 'scrypt', n, r: 8, p: 1, salt: base64Salt },
    nonce: base64Nonce,
    data: base64Data,
    tag: base64Tag,
  };
  await writePrivateFile(file, `${JSON.stringify(kept, undefined, 2)}\n`);
  return publicKey;
};

/**
 * Signs a text as somebody: base64 of the Ed25519 signature. Throws `no-person-key` when this machine has no key of that user, `wrong-passphrase` when it does not open.
 */
export const signAs = async ({ folder, user, passphrase }: PersonKeyOptions, text: string): Promise<string> => {
  const file = fileOf(folder, user);
  const found = await readPrivateFile(file);
  if (found === undefined)
    throw usageError(
      'no-person-key',
      `There is no key of ${user} in ${file}.`,
      `Put a copy back, or let an approver make a new one: quantai users key ${user}`,
    );
  let value: unknown;
  try {
    value = JSON.parse(found);
  } catch {
    value = null;
  }
  const kept = Kept.safeParse(value);
  if (!kept.success || kept.data.user !== user)
    throw badData(
      'damaged-person-key',
      `${file} is no key of ${user}.`,
      `Put a copy back, or let an approver make a new one: quantai users key ${user}`,
    );
  const { publicKey, kdf, ...sealed } = kept.data;
  const opened = unseal(await deriveKey(await passphrase(), kdf.salt, kdf.n), sealed, about(user, publicKey));
  if (opened === null)
    throw usageError(
      'wrong-passphrase',
      `${file} does not open: the passphrase is another one, or the file was changed.`,
      'Try again, or put a copy back.',
    );
  return signText(createPrivateKey({ key: Buffer.from(opened, 'base64'), format: 'der', type: 'pkcs8' }), text);
};
