import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { endpoint } from './endpoint.js';
import { AnyJson, Nothing, Time } from './shapes.js';

/** One setting of the workspace as it is in force. */
export const SettingView = z.object({
  /** E.g. `fees.taker`, `promotion.paperDays`. */
  key: z.string(),
  value: AnyJson,
  default: AnyJson,
  /** `default`, `quantai.config.ts` or `settings.json`, the file that `quantai settings set` writes. */
  source: z.string(),
  /** JSON schema of the value. */
  schema: AnyJson,
  /** What it means, one sentence; empty where nothing is said. */
  text: z.string(),
  /** False where only the file can change it. */
  editable: z.boolean(),
});
export type SettingView = z.infer<typeof SettingView>;

export const settingsApi = {
  'settings.list': endpoint({
    summary: 'Settings in force',
    roles: ROLES,
    verb: 'settings get',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ settings: z.array(SettingView) }),
  }),
  'settings.set': endpoint({
    summary: 'Change a setting; null takes it back to its default. It is checked first and recorded in the audit log',
    roles: ['operator'],
    verb: 'settings set',
    params: Nothing,
    query: Nothing,
    body: z.strictObject({
      key: z
        .string()
        .regex(/^[A-Za-z][\w.]*$/)
        .max(100),
      value: AnyJson,
      reason: z.string().max(1000).default(''),
    }),
    answer: z.object({ setting: SettingView }),
  }),
  'settings.history': endpoint({
    summary: 'Who changed what, when and why, newest first',
    roles: ROLES,
    verb: 'settings history',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({
      changes: z.array(z.object({ at: Time, by: z.string(), key: z.string(), before: AnyJson, after: AnyJson, reason: z.string() })),
    }),
  }),
  'system.health': endpoint({
    summary: 'Whether the server answers',
    roles: 'public',
    verb: null,
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ ok: z.literal(true) }),
  }),
  'system.doctor': endpoint({
    summary: 'What works on this computer, what does not, and how to mend it',
    roles: ROLES,
    verb: 'doctor',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({
      ok: z.boolean(),
      checks: z.array(
        z.object({ name: z.string(), status: z.enum(['ok', 'wrong', 'note']), text: z.string(), fix: z.string().nullable() }),
      ),
    }),
  }),
  'system.openapi': endpoint({
    summary: 'This API as an OpenAPI 3.1 document',
    roles: ROLES,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: AnyJson,
  }),
} as const;
