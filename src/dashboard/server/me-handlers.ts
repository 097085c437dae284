import type { MeHandlers } from '../api/endpoints.js';
import type { Identity, LoggedIn } from '../identity/identity.js';

/** The exchange behind a request, as far as a login needs it. */
export interface Visit {
  readonly who: LoggedIn | null;
  readonly address: string;
  readonly giveCookie: (secret: string, maxAgeMs: number) => void;
  readonly takeCookie: () => void;
}

/** What the pages are told about the server. */
export interface ServerAbout {
  readonly workspace: string;
  readonly version: string;
  /** Whether a queue is configured. */
  readonly hasQueue: boolean;
}

/** What an endpoint of one's own login does, for one visit. */
export const meHandlers = (identity: Identity, about: ServerAbout, now: () => number) => {
  const me = async ({ caller, csrf, expiresAt }: LoggedIn) => ({
    name: caller.name,
    roles: [...caller.roles],
    isConfigured: await identity.isConfigured(),
    hasPassword: await identity.hasPassword(caller.name),
    csrf,
    expiresAt,
    ...about,
  });
  return ({ who, address, giveCookie, takeCookie }: Visit): MeHandlers => {
    const enter = async ({ secret, who: entered }: { readonly secret: string; readonly who: LoggedIn }) => {
      // The browser keeps it as long as it could last; the server knows when it is idle.
      giveCookie(secret, entered.longestUntil - now());
      return me(entered);
    };
    // Only endpoints that need a login ask for it.
    const present = who!;
    return {
      'me.show': () => me(present),
      'me.login': async ({ body }) => enter(await identity.login(body.name, body.password, address)),
      'me.redeem': async ({ body }) => enter(await identity.redeem(body.token, address)),
      'me.logout': async () => {
        await identity.logout(present);
        takeCookie();
        return { done: true };
      },
      'me.password': async ({ body }) => {
        await identity.setPassword(present, body.current, body.password, address);
        return { done: true };
      },
      'tokens.list': async ({ caller }) => ({
        tokens: (await identity.tokens(caller)).map(token => ({ ...token, roles: [...token.roles] })),
      }),
      'tokens.create': async ({ caller, body }) => identity.createToken(caller, body),
      'tokens.revoke': async ({ caller, params }) => {
        await identity.revokeToken(caller, params.token);
        return { done: true };
      },
    };
  };
};
