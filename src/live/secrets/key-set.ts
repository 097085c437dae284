import { z } from 'zod';
import { usageError } from '../../errors.js';
import { Secret } from './secret.js';

/** The keys of one account at one venue. */
export interface KeySet {
  readonly name: string;
  /** As ccxt names it, e.g. `binanceusdm`. */
  readonly venue: string;
  readonly key: Secret;
  readonly secret: Secret;
  /** Third part, where a venue has one. */
  readonly password?: Secret;
}

/** What a set looks like where it is kept. */
const kept = z.strictObject({
  venue: z.string().min(1),
  key: z.string().min(1),
  secret: z.string().min(1),
  password: z.string().min(1).optional(),
});

/** Throws a usage error for a name that could not be one of a file or of an environment variable. */
export const requireKeyName = (name: string): void => {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw usageError('bad-key-name', `"${name}" is no name for keys.`, 'Use lower-case letters, digits and dashes, e.g. main.');
};

/** A set from its JSON. `where` names it in the error, which quotes nothing of the text. */
export const readKeySet = (name: string, text: string, where: string): KeySet => {
  requireKeyName(name);
  const wrong = usageError(
    'bad-keys',
    `${where} does not hold keys.`,
    'It is JSON: {"venue": …, "key": …, "secret": …} and, where the venue has one, "password".',
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const read = kept.safeParse(value);
  if (!read.success) throw wrong;
  const { venue, key, secret, password } = read.data;
  return {
    name,
    venue,
    key: new Secret(key),
    secret: new Secret(secret),
    ...(password !== undefined && { password: new Secret(password) }),
  };
};

/** A set's JSON with its secrets in the clear: to be sealed, and never to be written otherwise. */
export const keySetText = ({ venue, key, secret, password }: KeySet): string =>
  JSON.stringify({ venue, key: key.reveal(), secret: secret.reveal(), password: password?.reveal() });
