import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { didYouMean, messageOf, usageError } from '../../errors.js';

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
type SslMode = (typeof MODES)[number];

/** How `pg` names some of them in `ssl=`. */
const ALIASES: Readonly<Record<string, SslMode>> = {
  true: 'verify-full',
  1: 'verify-full',
  false: 'disable',
  0: 'disable',
  'no-verify': 'no-verify',
};

const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/** What of a URL is about TLS and settled here. `pg` would read some of it in its own way, and warn of that each time. */
const SETTLED = ['ssl', 'sslmode', 'uselibpqcompat', ...FILES];

/** Whose certificates the machine trusts anyway, as libpq names it. */
const SYSTEM = 'system';

/** The mode of TLS that a URL asks for, else `PGSSLMODE`; null where nobody does. Throws a usage error for one that does not exist. */
export const sslModeOf = (url: string): SslMode | null => {
  const { searchParams } = new URL(url);
  const alias = searchParams.get('ssl');
  const given = searchParams.get('sslmode') || (alias === null ? '' : (ALIASES[alias] ?? alias));
  const named = given || (process.env['PGSSLMODE'] ?? '');
  if (named === '') return FILES.some(name => searchParams.has(name)) ? 'verify-full' : null;
  const mode = MODES.find(each => each === named);
  if (mode === undefined)
    throw usageError(
      'bad-sslmode',
      `There is no sslmode "${named}"${given === '' ? ', which PGSSLMODE names' : ''}.${didYouMean(named, MODES)}`,
      'Write ?sslmode=verify-full&sslrootcert=ca.pem with the certificate of who issued the server’s; disable is without TLS.',
    );
  return mode;
};

const readFile = (name: string, path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw usageError(
      isMissing ? 'no-such-file' : 'unreadable-file',
      isMissing ? `There is no file ${path}, which ${name} names.` : `${path}, which ${name} names, cannot be read: ${messageOf(error)}.`,
      `Mend ${name} in the URL, or PG${name.toUpperCase()}.`,
    );
  }
};

/** A URL as settings of `pg`. */
export interface PostgresSettings {
  readonly connectionString: string;
  readonly ssl?: false | ConnectionOptions;
}

/**
 * How `pg` is told what a URL means, the same for all that connect: the modes of TLS as libpq knows them, and files that the URL does not name from `PGSSLROOTCERT`, `PGSSLCERT` and `PGSSLKEY`. In two things it is stricter than
 * libpq, so that no typing error nor a server without TLS sends a password to somebody else: whoever asks for TLS gets it or nothing, with `prefer` too; and where no root certificate is named a certificate is verified in full,
 * against those that the machine trusts, in all modes but `no-verify`. Throws a usage error for a mode that does not exist and for files that cannot be read.
 */
export const postgresSettings = (url: string): PostgresSettings => {
  const mode = sslModeOf(url);
  if (mode === null) return { connectionString: url };
  const at = new URL(url);
  const fileOf = (name: (typeof FILES)[number]): string | undefined => {
    const path = at.searchParams.get(name) || process.env[`PG${name.toUpperCase()}`];
    return path === undefined || path === '' || path === SYSTEM ? undefined : readFile(name, path);
  };
  const [ca, cert, key] = mode === 'disable' ? [] : FILES.map(fileOf);
  for (const name of SETTLED) at.searchParams.delete(name);
  if (mode === 'disable') return { connectionString: at.href, ssl: false };
  return {
    connectionString: at.href,
    ssl: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(mode === 'no-verify' ? { rejectUnauthorized: false } : {}),
      // A root of one's own signs no stranger's server. Anybody gets a certificate of a public one, for another name.
      ...(mode === 'verify-full' || ca === undefined ? {} : { checkServerIdentity: () => undefined }),
    },
  };
};
