import { usageError } from '../errors.js';
import { findKeys } from '../live/secrets/find-keys.js';
import type { Redactor } from '../live/secrets/redactor.js';
import type { Secret } from '../live/secrets/secret.js';
import type { Credentials } from './session-connection.js';
import { say } from './terminal.js';

/** The keys of a name for a venue, hidden from logs from now on. Throws a usage error when they are nowhere, or for another venue. */
export const sessionCredentials = async (
  name: string,
  venue: string,
  redactor: Redactor,
  mounted: string | undefined,
  passphrase: () => Promise<Secret>,
): Promise<Credentials> => {
  const { keys, warnings } = await findKeys({
    name,
    ...(mounted !== undefined && { mounted }),
    env: process.env,
    passphrase,
  });
  redactor.add(keys.key);
  redactor.add(keys.secret);
  for (const warning of warnings) say(warning);
  if (keys.venue !== venue)
    throw usageError('wrong-keys', `The keys "${name}" are for ${keys.venue}, and the session is on ${venue}.`, 'Name others with --keys.');
  return { key: keys.key.reveal(), secret: keys.secret.reveal() };
};
