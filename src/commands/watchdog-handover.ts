import { z } from 'zod';
import { NotifyConfig } from '../live/notify/notify-config.js';
import { keySetText, readKeySet, type KeySet } from '../live/secrets/key-set.js';
import type { Credentials } from './session-connection.js';

const Handed = z.strictObject({
  credentials: z.strictObject({ key: z.string(), secret: z.string() }).nullable(),
  notify: NotifyConfig,
  keys: z.array(z.strictObject({ name: z.string(), set: z.string() })),
});

/** What a session hands to its watchdog over a pipe: secrets in the clear, which are written nowhere else. */
export interface Handover {
  /** Null on the practice exchange, whose keys are in its own file. */
  readonly credentials: Credentials | null;
  readonly notify: NotifyConfig;
  readonly keys: readonly KeySet[];
}

export const handoverText = ({ credentials, notify, keys }: Handover): string =>
  JSON.stringify({
    credentials: credentials === null ? null : { key: credentials.key, secret: credentials.secret },
    notify,
    keys: keys.map(set => ({ name: set.name, set: keySetText(set) })),
  });

/** Throws on anything else; the error quotes nothing of it. */
export const readHandover = (text: string): Handover => {
  try {
    const { credentials, notify, keys } = Handed.parse(JSON.parse(text));
    return { credentials, notify, keys: keys.map(({ name, set }) => readKeySet(name, set, `The set "${name}"`)) };
  } catch {
    throw new Error('what the session handed over cannot be read');
  }
};
