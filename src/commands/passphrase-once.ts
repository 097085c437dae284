import { askSecret } from '../live/secrets/ask-secret.js';
import { findPassphrase } from '../live/secrets/passphrase.js';
import type { Secret } from '../live/secrets/secret.js';

/** The passphrase of the key file, asked for when it is first needed and once: a descriptor can be read only once too. */
export const passphraseOnce = (): (() => Promise<Secret>) => {
  let found: Promise<Secret> | null = null;
  return () => (found ??= findPassphrase(process.env, process.stdin.isTTY === true ? askSecret : null));
};
