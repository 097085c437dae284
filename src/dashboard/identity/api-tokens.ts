import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { ROLES, type Role } from '../../promotion/people/role.js';
import { DAY, MINUTE } from '../../time.js';
import { Token } from '../api/me-api.js';
import { openPrivateStore } from './private-store.js';
import { hashOf, newSecret } from './secret-text.js';

const KeptToken = Token.extend({ hash: z.string(), roles: z.array(z.enum(ROLES)) });
const Kept = z.strictObject({ tokens: z.array(KeptToken) });

/** Keys of programs in `tokens.json`. */
export interface ApiTokens {
  readonly list: () => Promise<readonly Token[]>;
  /** The secret is shown once and kept nowhere. */
  readonly create: (token: {
    readonly owner: string;
    readonly label: string;
    readonly roles: readonly Role[];
    readonly days: number;
  }) => Promise<{ readonly token: Token; readonly secret: string }>;
  readonly revoke: (id: string) => Promise<void>;
  /** Takes away every token of a person. */
  readonly revokeAll: (owner: string) => Promise<void>;
  /** The token of a secret, unless it has ended. */
  readonly find: (secret: string, isUse: boolean) => Promise<(Token & { readonly roles: readonly Role[] }) | null>;
}

/** By which a secret of ours is known, such as by a scanner of leaks. */
export const TOKEN_PREFIX = 'qat_';
/** The time of last use is kept as exactly as this. */
const USED_MS = 10 * MINUTE;

const shown = ({ id, label, owner, roles, createdAt, expiresAt, lastUsedAt }: z.infer<typeof KeptToken>) => ({
  id,
  label,
  owner,
  roles,
  createdAt,
  expiresAt,
  lastUsedAt,
});

export const openApiTokens = (folder: string, now: () => number): ApiTokens => {
  const store = openPrivateStore(join(folder, 'tokens.json'), Kept, { tokens: [] });
  return {
    list: async () => (await store.read()).tokens.filter(({ expiresAt }) => expiresAt > now()).map(shown),
    create: async ({ owner, label, roles, days }) => {
      const secret = newSecret(TOKEN_PREFIX);
      const kept = {
        id: randomBytes(6).toString('hex'),
        label,
        owner,
        roles: [...roles],
        createdAt: now(),
        expiresAt: now() + days * DAY,
        lastUsedAt: null,
        hash: hashOf(secret),
      };
      await store.change(({ tokens }) => ({ tokens: [...tokens.filter(({ expiresAt }) => expiresAt > now()), kept] }));
      return { token: shown(kept), secret };
    },
    revoke: async id => {
      await store.change(({ tokens }) => ({ tokens: tokens.filter(token => token.id !== id) }));
    },
    revokeAll: async owner => {
      await store.change(before =>
        before.tokens.some(token => token.owner === owner) ? { tokens: before.tokens.filter(token => token.owner !== owner) } : before,
      );
    },
    find: async (secret, isUse) => {
      const hash = hashOf(secret);
      const kept = (await store.read()).tokens.find(token => token.hash === hash && token.expiresAt > now());
      if (kept === undefined) return null;
      if (isUse && now() - (kept.lastUsedAt ?? 0) >= USED_MS)
        await store.note(({ tokens }) => ({
          tokens: tokens.map(token => (token.hash === hash ? { ...token, lastUsedAt: now() } : token)),
        }));
      return shown(kept);
    },
  };
};
