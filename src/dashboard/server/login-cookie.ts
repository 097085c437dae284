import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TOKEN_PREFIX } from '../identity/api-tokens.js';
import type { Credential } from '../identity/identity.js';

/** Where a browser keeps its login. */
export interface LoginCookie {
  readonly give: (reply: FastifyReply, secret: string, maxAgeMs: number) => void;
  readonly take: (reply: FastifyReply) => void;
  /** What a request shows of who sends it: a token where there is one, else the cookie. */
  readonly credentialOf: (request: FastifyRequest) => Credential | null;
}

/** Beginning of the cookie's name; the port follows. */
const LOGIN_COOKIE = 'quantai_session';

/** With TLS the browser itself refuses the cookie to anything but this server (`__Host-`). Scripts never see it, and requests from other sites never carry it. */
export const loginCookie = (isTls: boolean, port: () => number): LoginCookie => {
  // Browsers share cookies between the ports of a name: two workspaces must not log each other out.
  const nameNow = (): string => `${isTls ? '__Host-' : ''}${LOGIN_COOKIE}_${port()}`;
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure: isTls } as const;
  return {
    give: (reply, secret, maxAgeMs) =>
      void reply.setCookie(nameNow(), secret, { ...options, maxAge: Math.max(0, Math.floor(maxAgeMs / 1000)) }),
    take: reply => void reply.clearCookie(nameNow(), options),
    credentialOf: ({ headers, cookies }) => {
      const { authorization } = headers;
      if (authorization !== undefined) {
        const [, token = ''] = /^Bearer (\S{1,200})$/i.exec(authorization) ?? [];
        return token.startsWith(TOKEN_PREFIX) ? { token } : null;
      }
      const cookie = cookies[nameNow()];
      return cookie === undefined || cookie === '' || cookie.length > 200 ? null : { cookie };
    },
  };
};
