import { BEGIN } from './session.js';
import type { Canned } from './canned.js';

const TOKEN = {
  id: 'tk-4f1c',
  label: 'nightly report',
  owner: 'ana',
  roles: ['viewer' as const],
  createdAt: BEGIN - 9 * 86_400_000,
  expiresAt: BEGIN + 81 * 86_400_000,
  lastUsedAt: BEGIN - 7_200_000,
};

/** Who looks, and tokens. `me.show` and the logins are answered by the fake server itself. */
export const me: Canned = {
  'me.password': () => ({ done: true }),
  'tokens.list': ({ empty }) => ({ tokens: empty ? [] : [TOKEN] }),
  'tokens.create': ({ body }) => ({
    token: { ...TOKEN, id: 'tk-9b22', label: body.label, roles: body.roles, lastUsedAt: null },
    secret: 'qt_example_not_a_secret',
  }),
  'tokens.revoke': () => ({ done: true }),
};
