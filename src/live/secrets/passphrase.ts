import { readFile } from 'node:fs/promises';
import { usageError } from '../../errors.js';
import { Secret } from './secret.js';

/** Name of the variable that says where the passphrase is: a mounted secret, a systemd credential, or an open descriptor such as `/dev/fd/3`. */
const FILE = 'QUANTAI_PASSPHRASE_FILE';

/**
 * The passphrase of the key file: from the file or descriptor that `QUANTAI_PASSPHRASE_FILE` names (without a line break at its end), else typed at the terminal. `ask` is null where nobody can be
 * asked. `variable` is the variable that says where it is, where that is another one.
 */
export const findPassphrase = async (
  env: Readonly<Record<string, string | undefined>>,
  ask: ((prompt: string) => Promise<Secret>) | null,
  variable = FILE,
): Promise<Secret> => {
  const path = env[variable];
  if (path !== undefined && path !== '') {
    const text = await readFile(path, 'utf8').catch(() => {
      throw usageError('no-passphrase', `The file that ${variable} names cannot be read.`, 'Check the path and its permissions.');
    });
    return new Secret(text.replace(/\r?\n$/, ''));
  }
  if (ask === null)
    throw usageError(
      'no-passphrase',
      'There is no terminal to ask for the passphrase.',
      `Set ${variable} to a file or descriptor that holds it.`,
    );
  return ask('Passphrase: ');
};
