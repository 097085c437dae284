import { UserError } from '../../errors.js';

/** By which names the server is asked for. */
export interface KnownHosts {
  /** Throws `wrong-host` for a Host header that is not one of ours: a foreign name that was made to point here would pass every check of the browser. */
  readonly checkHost: (host: string | undefined) => void;
  /**
   * Throws `wrong-origin` when a page of elsewhere sends it. What changes something has to name its origin; a program with a token is no browser and need not.
   */
  readonly checkOrigin: (request: {
    readonly origin: string | undefined;
    readonly fetchSite: string | undefined;
    readonly isWrite: boolean;
    readonly hasToken: boolean;
  }) => void;
}

export interface KnownHostsOptions {
  /** Address that is listened on. */
  readonly host: string;
  /** Port of this moment: it is known once the server listens. */
  readonly port: () => number;
  readonly isTls: boolean;
  /** Further names by which browsers come, `name` or `name:port`. */
  readonly publicHosts: readonly string[];
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

export const knownHosts = ({ host, port, isTls, publicHosts }: KnownHostsOptions): KnownHosts => {
  const scheme = isTls ? 'https' : 'http';
  const usual = isTls ? 443 : 80;
  const names = new Set([...LOOPBACK, ...(host === '0.0.0.0' || host === '::' ? [] : [host.includes(':') ? `[${host}]` : host])]);
  const isOurs = (name: string): boolean => {
    const own = port();
    for (const each of names) if (name === `${each}:${own}` || (own === usual && name === each)) return true;
    return publicHosts.some(each => name === each.toLowerCase() || name === `${each.toLowerCase()}:${own}`);
  };
  const isOwnOrigin = (origin: string): boolean => {
    const [, given = '', name = ''] = /^(https?):\/\/(.+)$/.exec(origin.toLowerCase()) ?? [];
    // What stands before a public name may speak TLS for us.
    return isOurs(name) && (given === scheme || (given === 'https' && publicHosts.length > 0));
  };
  const fix = 'Open the address that `quantai dashboard` printed, or name this one with --public-host.';
  return {
    checkHost: given => {
      if (given === undefined || !isOurs(given.toLowerCase()))
        throw new UserError('wrong-host', 'This server does not answer to that name.', 4, fix);
    },
    checkOrigin: ({ origin, fetchSite, isWrite, hasToken }) => {
      const isForeign = fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none';
      const isMissing = origin === undefined && isWrite && !hasToken;
      if (isForeign || isMissing || (origin !== undefined && !isOwnOrigin(origin)))
        throw new UserError(
          'wrong-origin',
          'Only the pages of this server may ask for that.',
          4,
          'A program needs a token: see docs/api.md.',
        );
    },
  };
};
