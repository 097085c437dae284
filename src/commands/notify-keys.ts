import type { NotifyConfig } from '../live/notify/notify-config.js';
import { findKeys } from '../live/secrets/find-keys.js';
import type { KeySet } from '../live/secrets/key-set.js';
import type { Redactor } from '../live/secrets/redactor.js';
import type { Secret } from '../live/secrets/secret.js';
import { say } from './terminal.js';

/** The sets that channels of notices name, hidden from logs from now on. Throws a usage error when one is nowhere. */
export const notifyKeys = async (config: NotifyConfig, redact: Redactor, passphrase: () => Promise<Secret>): Promise<readonly KeySet[]> => {
  const names = [...new Set(config.channels.flatMap(({ keys }) => (keys === undefined ? [] : [keys])))];
  const sets: KeySet[] = [];
  for (const name of names) {
    const { keys, warnings } = await findKeys({ name, env: process.env, passphrase });
    for (const secret of [keys.key, keys.secret, ...(keys.password === undefined ? [] : [keys.password])]) redact.add(secret);
    for (const warning of warnings) say(warning);
    sets.push(keys);
  }
  return sets;
};
