import { text } from 'node:stream/consumers';
import { usageError } from '../errors.js';
import { askSecret } from '../live/secrets/ask-secret.js';
import { keyFilePath } from '../live/secrets/find-keys.js';
import { keyFile, type KeyFile } from '../live/secrets/key-file.js';
import type { KeySet } from '../live/secrets/key-set.js';
import { findPassphrase } from '../live/secrets/passphrase.js';
import { Secret } from '../live/secrets/secret.js';
import { present } from './terminal.js';

/** Where secrets come from; replaced in tests. */
export interface SecretInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: KeyFile;
  /** Asks without an echo; null when nobody can be asked. */
  readonly ask: ((prompt: string) => Promise<Secret>) | null;
  /** Everything that comes from the pipe. */
  readonly piped: () => Promise<string>;
}

const standardInput = (): SecretInput => ({
  env: process.env,
  file: keyFile(keyFilePath(process.env)),
  ask: process.stdin.isTTY ? askSecret : null,
  piped: () => text(process.stdin),
});

interface Printed {
  readonly json: boolean;
}

const twice = async (ask: (prompt: string) => Promise<Secret>, prompt: string): Promise<Secret> => {
  const first = await ask(`${prompt}: `);
  if ((await ask(`${prompt}, again: `)).reveal() !== first.reveal())
    throw usageError('passphrases-differ', 'The two passphrases are not the same.', 'Nothing was changed: try again.');
  return first;
};

/** Key, secret and, where there is one, password: asked for, or one a line. */
const readKeys = async ({ ask, piped }: SecretInput): Promise<readonly Secret[]> =>
  ask === null
    ? (await piped()).split(/\r?\n/).map(line => new Secret(line.trim()))
    : [await ask('API key: '), await ask('API secret: '), await ask('Password of the key (empty when it has none): ')];

/** Keep the keys of an account. Secrets come from the terminal or a pipe, never from the command line, which other users can see. */
export const addKeys = async (
  args: Printed & { readonly name: string; readonly venue: string },
  input: SecretInput = standardInput(),
): Promise<void> => {
  const { file, ask, env } = input;
  const isNew = (await file.names()).length === 0;
  const passphrase = await findPassphrase(env, ask === null ? null : prompt => (isNew ? twice(ask, 'New passphrase') : ask(prompt)));
  const unlocked = await file.unlock(passphrase);
  const [key, secret, password] = await readKeys(input);
  if (key === undefined || secret === undefined || key.length === 0 || secret.length === 0)
    throw usageError(
      'no-keys',
      'Key or secret is empty.',
      'A pipe gives them one a line: key, secret and, where the venue has one, password.',
    );
  const { name, venue } = args;
  const set: KeySet = { name, venue, key, secret, ...(password !== undefined && password.length > 0 && { password }) };
  await unlocked.add(set);
  present(args, { added: name, file: file.path }, ({ added }) => `Keys "${added}" are kept in ${file.path}.`);
};

/** Names only: nothing else is shown without the passphrase. */
export const listKeys = async (args: Printed, { file }: SecretInput = standardInput()): Promise<void> => {
  const names = await file.names();
  present(args, { names }, () =>
    names.length === 0 ? `There are no keys in ${file.path}.\nAdd some: quantai keys add main --venue binanceusdm` : names.join('\n'),
  );
};

const requireKeys = async (file: KeyFile): Promise<void> => {
  if ((await file.names()).length === 0)
    throw usageError('no-keys', `There are no keys in ${file.path}.`, 'Add some: quantai keys add main --venue binanceusdm');
};

/** Forget the keys of a name. At the venue they are still good. */
export const removeKeys = async (
  args: Printed & { readonly name: string },
  { env, file, ask }: SecretInput = standardInput(),
): Promise<void> => {
  await requireKeys(file);
  const unlocked = await file.unlock(await findPassphrase(env, ask));
  await unlocked.remove(args.name);
  present(
    args,
    { removed: args.name },
    ({ removed }) => `Keys "${removed}" are removed here. Delete them at the venue too if nothing else uses them.`,
  );
};

/** Seal all keys anew. A pipe gives the new passphrase; the old one comes from where it always does. */
export const rekeyKeys = async (args: Printed, { env, file, ask, piped }: SecretInput = standardInput()): Promise<void> => {
  await requireKeys(file);
  const unlocked = await file.unlock(await findPassphrase(env, ask));
  const next = ask === null ? new Secret((await piped()).replace(/\r?\n$/, '')) : await twice(ask, 'New passphrase');
  await unlocked.rekey(next);
  present(args, { rekeyed: unlocked.names }, ({ rekeyed }) => `${rekeyed.length} sets of keys are sealed under the new passphrase.`);
};
