import { usageError } from '../errors.js';
import { askSecret } from '../live/secrets/ask-secret.js';
import { findPassphrase } from '../live/secrets/passphrase.js';
import type { Secret } from '../live/secrets/secret.js';
import { terminal } from './terminal.js';

const find = async (): Promise<Secret> => {
  const { passphrase } = terminal();
  // Another person's passphrase may lie in the environment of whoever passes the command on.
  if (passphrase === null)
    throw usageError('no-passphrase', 'The passphrase of your signing key is missing.', 'Give it together with what you sign.');
  return passphrase ?? findPassphrase(process.env, process.stdin.isTTY === true ? askSecret : null);
};

/** The passphrase of the key file, asked for when it is first needed and once: a descriptor can be read only once too. */
export const passphraseOnce = (): (() => Promise<Secret>) => {
  let found: Promise<Secret> | null = null;
  return () => (found ??= find());
};
