import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { Done, Name, Nothing, RoleName, Time } from './shapes.js';

/** Who is logged in. `csrf` goes back as the header `x-csrf-token` with everything that is not a GET. */
export const Me = z.object({
  name: z.string(),
  roles: z.array(RoleName),
  /** False where the workspace has no users: one person has all roles. */
  isConfigured: z.boolean(),
  hasPassword: z.boolean(),
  csrf: z.string(),
  expiresAt: Time,
  workspace: z.string(),
  version: z.string(),
  /** Whether there is a queue to look at. */
  hasQueue: z.boolean(),
});
export type Me = z.infer<typeof Me>;

/** A key for programs. The secret is shown once, when it is made. */
export const Token = z.object({
  id: z.string(),
  label: z.string(),
  owner: z.string(),
  roles: z.array(RoleName),
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Time.nullable(),
});
export type Token = z.infer<typeof Token>;

const EVERYONE = ['viewer', 'researcher', 'operator', 'approver'] as const;

export const meApi = {
  'me.show': endpoint({
    summary: 'Who is logged in',
    roles: EVERYONE,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: Me,
  }),
  'me.login': endpoint({
    summary: 'Log in with name and password',
    roles: 'public',
    verb: null,
    params: Nothing,
    query: Nothing,
    body: z.strictObject({ name: z.string().min(1).max(100), password: z.string().min(1).max(1000) }),
    answer: Me,
  }),
  'me.redeem': endpoint({
    summary: 'Log in with the link that the terminal printed; it works once',
    roles: 'public',
    verb: null,
    params: Nothing,
    query: Nothing,
    body: z.strictObject({ token: z.string().min(1).max(200) }),
    answer: Me,
  }),
  'me.logout': endpoint({ summary: 'Log out', roles: EVERYONE, verb: null, params: Nothing, query: Nothing, body: Nothing, answer: Done }),
  'me.password': endpoint({
    summary: 'Set your password. `current` may be left out only where there is none',
    roles: EVERYONE,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: z.strictObject({ current: z.string().max(1000).optional(), password: z.string().min(10).max(1000) }),
    answer: Done,
  }),
  'tokens.list': endpoint({
    summary: 'Your tokens; all of them for an approver',
    roles: EVERYONE,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ tokens: z.array(Token) }),
  }),
  'tokens.create': endpoint({
    summary: 'Make a token with some of your roles',
    roles: EVERYONE,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: z.strictObject({
      label: z.string().min(1).max(100),
      roles: z.array(RoleName).min(1),
      days: z.number().int().min(1).max(365).default(90),
    }),
    answer: z.object({ token: Token, secret: z.string() }),
  }),
  'tokens.revoke': endpoint({
    summary: 'Revoke a token',
    roles: EVERYONE,
    verb: null,
    params: z.strictObject({ token: Name }),
    query: Nothing,
    body: Nothing,
    answer: Done,
  }),
} as const;
