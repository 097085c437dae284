import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { endpoint } from './endpoint.js';
import { AnyJson, Asking, Maybe, Name, Nothing, SymbolName, Time } from './shapes.js';

const Place = z.object({ account: z.string(), venue: z.string(), practice: z.boolean(), size: z.number(), share: z.number(), since: Time });
export const Gate = z.object({
  gate: z.string(),
  title: z.string(),
  verdict: z.enum(['pass', 'fail', 'cannot-tell']),
  figure: Maybe,
  limit: Maybe,
  sentence: z.string(),
  change: z.string(),
  overridable: z.boolean(),
});
export type Gate = z.infer<typeof Gate>;

export const PromotionLine = z.object({
  id: z.string(),
  strategy: z.string(),
  run: z.string(),
  stage: z.enum(['candidate', 'paper', 'live', 'demoted', 'retired']),
  paper: Place.nullable(),
  live: Place.nullable(),
  overrides: z.array(z.string()),
  at: Time.nullable(),
});
export type PromotionLine = z.infer<typeof PromotionLine>;

export const PromotionView = z.object({
  line: PromotionLine,
  history: z.array(z.object({ seq: z.number(), at: Time, actor: z.string(), stage: z.string(), text: z.string() })),
  /** As they were judged last, by stage: `paper`, `live`, `ramp`. */
  gates: z.array(z.object({ to: z.string(), at: Time, results: z.array(Gate) })),
  parity: z.array(z.object({ at: Time, from: Time, to: Time, passed: z.boolean(), sentence: z.string(), page: z.string().nullable() })),
  watch: z.array(z.object({ at: Time, monitor: z.string(), verdict: z.string(), sentence: z.string() })),
  overrides: z.array(z.object({ gate: z.string(), reason: z.string(), by: z.array(z.string()), at: Time })),
});
export type PromotionView = z.infer<typeof PromotionView>;

/** A request that waits for another person. `sentence` is what the approver types. */
export const ApprovalView = z.object({
  request: z.string(),
  kind: z.string(),
  promotion: z.string(),
  by: z.string(),
  at: Time,
  expiresAt: Time.nullable(),
  text: z.string(),
  sentence: z.string(),
  state: z.string(),
  size: Maybe,
  share: Maybe,
  loss: Maybe,
});
export type ApprovalView = z.infer<typeof ApprovalView>;

export const AuditLine = z.object({ seq: z.number(), at: Time, actor: z.string(), type: z.string(), text: z.string(), record: AnyJson });
export type AuditLine = z.infer<typeof AuditLine>;

/** What `quantai promote` is told. `confirm` is the typed sentence of who asks; the refusal names it when it is missing. `passphrase` opens the signing key of who asks, and is kept nowhere. */
export const PromotionChange = z.discriminatedUnion('change', [
  z.strictObject({
    change: z.literal('paper'),
    strategy: z
      .string()
      .regex(/^[\w./-]+$/)
      .max(200),
    run: Name,
    account: Name,
    venue: Name,
    symbols: z.array(SymbolName).default([]),
    timeframe: z
      .string()
      .regex(/^\d+[smhdw]$/)
      .optional(),
    passphrase: z.string().max(1000).optional(),
  }),
  z.strictObject({
    change: z.literal('live'),
    strategy: z
      .string()
      .regex(/^[\w./-]+$/)
      .max(200),
    account: Name,
    venue: Name,
    size: z.number().positive(),
    confirm: z.string().max(1000).optional(),
    passphrase: z.string().max(1000).optional(),
  }),
  z.strictObject({
    change: z.literal('ramp'),
    strategy: z
      .string()
      .regex(/^[\w./-]+$/)
      .max(200),
    confirm: z.string().max(1000).optional(),
    passphrase: z.string().max(1000).optional(),
  }),
  z.strictObject({
    change: z.literal('demote'),
    strategy: z
      .string()
      .regex(/^[\w./-]+$/)
      .max(200),
    reason: z.string().min(1).max(1000),
  }),
  z.strictObject({
    change: z.literal('retire'),
    strategy: z
      .string()
      .regex(/^[\w./-]+$/)
      .max(200),
    reason: z.string().min(1).max(1000),
  }),
]);

export const promotionApi = {
  'promotions.list': endpoint({
    summary: 'Strategies on their way',
    roles: ROLES,
    verb: 'promote',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ promotions: z.array(PromotionLine) }),
  }),
  'promotions.show': endpoint({
    summary: 'One promotion: stages, gates, parity, watch',
    roles: ROLES,
    verb: 'promote',
    params: z.strictObject({ promotion: Name }),
    query: Nothing,
    body: Nothing,
    answer: PromotionView,
  }),
  'promotions.change': endpoint({
    summary: 'Promote to paper or live, ask for the next step of the ramp, demote, retire',
    roles: ['researcher', 'operator', 'approver'],
    verb: null,
    params: Nothing,
    query: Nothing,
    body: PromotionChange,
    answer: z.object({ text: z.string(), document: AnyJson }),
  }),
  'approvals.list': endpoint({
    summary: 'Requests that wait, and those that were decided',
    roles: ROLES,
    verb: 'approve',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ requests: z.array(ApprovalView) }),
  }),
  'approvals.give': endpoint({
    summary: 'Approve a request of another person by typing its sentence; `passphrase` opens the signing key, and is kept nowhere',
    roles: ['approver'],
    verb: 'approve',
    params: z.strictObject({ request: Name }),
    query: Nothing,
    body: z.strictObject({ confirm: z.string().min(1).max(1000), passphrase: z.string().max(1000).optional() }),
    answer: z.object({ text: z.string(), document: AnyJson }),
  }),
  'audit.list': endpoint({
    summary: 'The audit log, newest first',
    roles: ROLES,
    verb: 'audit show',
    params: Nothing,
    query: z.strictObject({
      before: Asking.int().min(0).optional(),
      actor: z.string().max(100).optional(),
      type: z.string().max(60).optional(),
      text: z.string().max(200).optional(),
      limit: Asking.int().min(1).max(1000).default(200),
    }),
    body: Nothing,
    answer: z.object({ records: z.array(AuditLine), total: z.number() }),
  }),
  'audit.verify': endpoint({
    summary: 'Check every byte of the audit log',
    roles: ROLES,
    verb: 'audit verify',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ ok: z.boolean(), text: z.string() }),
  }),
} as const;
