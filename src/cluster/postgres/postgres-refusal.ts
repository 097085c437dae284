import { messageOf } from '../../errors.js';

/** Why a server lets nobody in, as a sentence and its fix. */
export interface Refusal {
  readonly kind: 'login' | 'tls';
  readonly message: string;
  readonly fix: string;
}

/** Who is let in where. */
export interface Login {
  /** The server, as a sentence begins with it: `PostgreSQL at db:5432`. */
  readonly server: string;
  readonly user: string;
}

/** Places that a password may come from. */
const PASSWORD = 'the URL, PGPASSWORD or ~/.pgpass';

/** What OpenSSL says of a certificate that nobody vouches for. */
const UNTRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT(_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|CERT_(UNTRUSTED|SIGNATURE_FAILURE|REJECTED)|INVALID_CA)$/;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

/** How TLS failed, with whatever server; null for an error of another kind. `trust` is what has the certificate of one's own authority trusted there, `unnamed` what has a certificate for another name accepted. */
export const tlsRefusal = (
  error: unknown,
  { server, trust, unnamed }: { readonly server: string; readonly trust: string; readonly unnamed?: string },
): Refusal | null => {
  const code = codeOf(error);
  if (UNTRUSTED.test(code)) return { kind: 'tls', message: `The certificate of ${server} is not trusted.`, fix: trust };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      kind: 'tls',
      message: `The certificate of ${server} is for another name.`,
      fix: `Name the host as its certificate does${unnamed === undefined ? '' : `, or ${unnamed}`}.`,
    };
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return {
      kind: 'tls',
      message: `The certificate of ${server} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}.`,
      fix: 'Renew it at the server; look whether this machine has the right time.',
    };
  if (/^(EPROTO|ERR_SSL_|ERR_OSSL_)/.test(code))
    return { kind: 'tls', message: `TLS with ${server} fails: ${messageOf(error)}.`, fix: 'Look at its certificate and at the address.' };
  return null;
};

/** Why PostgreSQL lets nobody in, for all that connect to it; null for an error of another kind. */
export const postgresRefusal = (error: unknown, { server, user }: Login): Refusal | null => {
  const said = messageOf(error);
  const who = user === '' ? 'this user' : `"${user}"`;
  // `pg` says so itself where the server wants a password and none was given.
  if (/password must be a string/i.test(said))
    return { kind: 'login', message: `${server} wants a password.`, fix: `Give it in ${PASSWORD}.` };
  if (/no pg_hba\.conf entry/.test(said))
    return {
      kind: 'login',
      message: `${server} does not let ${who} in from here${/no encryption/.test(said) ? ' without TLS' : ''}: ${said}.`,
      fix: /no encryption/.test(said)
        ? 'Add ?sslmode=verify-full to the URL, or a line to pg_hba.conf of the server.'
        : 'Add a line to pg_hba.conf of the server.',
    };
  if (/^(28P01|28000)$/.test(codeOf(error)) || /password authentication failed|SASL/.test(said))
    return { kind: 'login', message: `${server} does not let ${who} in: wrong password, or no such user.`, fix: `Mend ${PASSWORD}.` };
  if (/does not support SSL connections/.test(said))
    return { kind: 'tls', message: `${server} has no TLS.`, fix: 'Leave sslmode out, or switch it on at the server (ssl = on).' };
  if (/error establishing an SSL connection/.test(said))
    return { kind: 'tls', message: `${server} does not answer as PostgreSQL does when asked for TLS.`, fix: 'Look at host and port.' };
  return tlsRefusal(error, {
    server,
    trust: 'Add &sslrootcert=ca.pem to the URL, with the certificate of who issued it.',
    unnamed: 'add &sslmode=verify-ca&sslrootcert=ca.pem to the URL',
  });
};
