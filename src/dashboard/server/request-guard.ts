import type { FastifyRequest } from 'fastify';
import { UserError } from '../../errors.js';
import { isSameText } from '../identity/secret-text.js';
import type { Credential, Identity, LoggedIn } from '../identity/identity.js';
import type { KnownHosts } from './known-hosts.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const LONGEST_URL = 8_192;

/** Stands before every request. */
export interface RequestGuard {
  /** Refuses other names of the server, pages of elsewhere and addresses without end. Throws their `UserError`. */
  readonly checkRequest: (request: FastifyRequest) => void;
  /** Who sends it. Throws `not-logged-in`, and `wrong-csrf` for a write of a browser without the word of its login. */
  readonly requireLogin: (request: FastifyRequest) => Promise<LoggedIn>;
  /** Whether the login that a request was sent with still holds, without keeping it awake. */
  readonly isLoggedIn: (request: FastifyRequest) => Promise<boolean>;
}

export interface RequestGuardOptions {
  readonly hosts: KnownHosts;
  readonly identity: Pick<Identity, 'recognise'>;
  readonly credentialOf: (request: FastifyRequest) => Credential | null;
}

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

export const requestGuard = ({ hosts, identity, credentialOf }: RequestGuardOptions): RequestGuard => ({
  checkRequest: ({ headers, method, url, raw, routeOptions }) => {
    hosts.checkHost(headers.host);
    if ((raw.url ?? url).length > LONGEST_URL) throw new UserError('too-long', 'The address is too long.', 2);
    // By the route and not by the address, which says the same in many ways: /%61pi/v1/me, http://host/api/v1/me.
    const isPage = !/^\/(api|reports|live|queue\/board\/api)\//.test(routeOptions.url ?? url) && !WRITES.has(method);
    // A link from anywhere may open a page: it shows nothing before it has asked for it.
    if (isPage) return;
    const fetchSite = one(headers['sec-fetch-site']);
    hosts.checkOrigin({ origin: headers.origin, fetchSite, isWrite: WRITES.has(method), hasToken: headers.authorization !== undefined });
  },
  requireLogin: async request => {
    const credential = credentialOf(request);
    const who = credential === null ? null : await identity.recognise(credential);
    if (who === null) throw new UserError('not-logged-in', 'Nobody is logged in.', 4, 'Log in; a program sends a token: see docs/api.md.');
    if (who.session !== null && WRITES.has(request.method) && !isSameText(one(request.headers['x-csrf-token']) ?? '', who.csrf))
      throw new UserError('wrong-csrf', 'The request does not come from a page of this login.', 4, 'Load the page again.');
    return who;
  },
  isLoggedIn: async request => {
    const credential = credentialOf(request);
    return credential !== null && (await identity.recognise(credential, false)) !== null;
  },
});
