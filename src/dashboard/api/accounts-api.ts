import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { endpoint } from './endpoint.js';
import { AnyJson, Asking, Maybe, Name, Nothing, page, PageQuery, RiskState, Side, SymbolName, Time } from './shapes.js';

const Account = z.strictObject({ account: Name });

/** One strategy of a session, marked to the last price. */
export const StrategyView = z.object({
  name: z.string(),
  phase: z.string(),
  failure: z.string().nullable(),
  risk: RiskState,
  equity: z.number(),
  cash: z.number(),
  realised: z.number(),
  unrealised: z.number(),
  fees: z.number(),
  funding: z.number(),
  /** Equity now less equity when the UTC day of market time began, without money that was moved. */
  today: Maybe,
  /** Share of the approved size that it trades, and the promotion that says so; null for a rehearsal. */
  promotion: z.string().nullable(),
});
export type StrategyView = z.infer<typeof StrategyView>;

/** An open position of one strategy. `quantity` is signed; `exposure` is signed notional ÷ the account's equity. */
export const PositionView = z.object({
  strategy: z.string(),
  symbol: z.string(),
  quantity: z.number(),
  entryPrice: z.number(),
  lastPrice: Maybe,
  markPrice: Maybe,
  notional: Maybe,
  exposure: Maybe,
  unrealised: Maybe,
  liquidationPrice: Maybe,
  /** Price of the protective stop at the venue; null while there is none. */
  stop: Maybe,
  target: Maybe,
});
export type PositionView = z.infer<typeof PositionView>;

/** An order with its life so far. `state` is where it stands: approved, submitted, unknown, accepted, triggered, filled, cancelled, rejected, expired. */
export const OrderView = z.object({
  /** seq of its approval in the strategy's stream, which `why` takes. */
  seq: z.number(),
  orderId: z.string(),
  strategy: z.string(),
  symbol: z.string(),
  side: Side,
  type: z.string(),
  quantity: z.number(),
  filled: z.number(),
  limit: Maybe,
  stop: Maybe,
  tif: z.string(),
  reduceOnly: z.boolean(),
  postOnly: z.boolean(),
  state: z.string(),
  code: z.string().nullable(),
  reason: z.string(),
  submittedAt: Time.nullable(),
  acceptedAt: Time.nullable(),
  endedAt: Time.nullable(),
  averagePrice: Maybe,
  fee: z.number(),
});
export type OrderView = z.infer<typeof OrderView>;

export const FillView = z.object({
  seq: z.number(),
  ts: Time,
  strategy: z.string(),
  orderId: z.string(),
  symbol: z.string(),
  side: Side,
  price: z.number(),
  quantity: z.number(),
  fee: z.number(),
  realised: z.number(),
  liquidity: z.enum(['maker', 'taker']).nullable(),
  /** `strategy`, or who else closed it: liquidation, adl, manual, settlement. */
  cause: z.string(),
});
export type FillView = z.infer<typeof FillView>;

/** What one limit allows and how much of it is used now; `use` is used ÷ limit. `limit` null is off. */
export const LimitView = z.object({
  /** As `quantai limits --set` names it, e.g. `maxExposure`. */
  path: z.string(),
  /** Empty for the account, else the strategy. */
  scope: z.string(),
  title: z.string(),
  /** `fraction`, `multiple` (times equity), `money`, `count`, `ms`, `bars`, `bp`, `flag`. */
  unit: z.string(),
  limit: z.union([z.number(), z.boolean()]).nullable(),
  used: Maybe,
  use: Maybe,
  /** Of what the number speaks, e.g. the symbol that is nearest to it. */
  of: z.string().nullable(),
});
export type LimitView = z.infer<typeof LimitView>;

export const AlarmView = z.object({ code: z.string(), text: z.string(), since: Time.nullable(), critical: z.boolean() });
export type AlarmView = z.infer<typeof AlarmView>;

/** The account as its session sees it at one moment. `running` false: what the journal said last, `live` parts are null or empty. */
export const AccountView = z.object({
  account: z.string(),
  venue: z.string(),
  mode: z.enum(['paper', 'live']),
  practice: z.boolean(),
  sandbox: z.boolean(),
  rehearsal: z.boolean().nullable(),
  running: z.boolean(),
  /** Why there is no session, where it should be one. */
  notice: z.string().nullable(),
  epoch: z.number(),
  phase: z.string(),
  risk: RiskState,
  riskCode: z.string().nullable(),
  riskText: z.string().nullable(),
  ready: z.boolean(),
  because: z.string().nullable(),
  /** Market time, and facts of the journal behind this view. */
  marketTime: Time.nullable(),
  position: z.number(),
  equity: Maybe,
  /** Sum of `today` of its strategies. */
  today: Maybe,
  /** Net and gross notional ÷ equity. */
  exposure: Maybe,
  gross: Maybe,
  drawdown: Maybe,
  asset: z.string(),
  symbols: z.array(z.string()),
  timeframe: z.string().nullable(),
  alarms: z.array(AlarmView),
  strategies: z.array(StrategyView),
  positions: z.array(PositionView),
  openOrders: z.array(OrderView),
  limits: z.array(LimitView),
});
export type AccountView = z.infer<typeof AccountView>;

/** A line of the list of accounts. */
export const AccountLine = AccountView.pick({
  account: true,
  venue: true,
  mode: true,
  practice: true,
  sandbox: true,
  rehearsal: true,
  running: true,
  phase: true,
  risk: true,
  equity: true,
  today: true,
  marketTime: true,
}).extend({ alarms: z.number() });
export type AccountLine = z.infer<typeof AccountLine>;

export const COMMANDS = ['halt', 'resume', 'reduce', 'flatten', 'cancel-all', 'stop'] as const;

/** A decision of a strategy: what it wanted, and what became of it. */
export const DecisionView = z.object({
  seq: z.number(),
  ts: Time,
  strategy: z.string(),
  /** `target`, `order`, `signal`, `plan`, `plan-closed`, `cancel`, `execution`, `denied`. */
  kind: z.string(),
  symbol: z.string().nullable(),
  /** In words, e.g. `target 0.5`, `long, confidence 0.62, horizon 24 bars`. */
  text: z.string(),
  reason: z.string().nullable(),
  /** The code of a refusal. */
  code: z.string().nullable(),
  detail: AnyJson,
});
export type DecisionView = z.infer<typeof DecisionView>;

/** A plan that is not over: prices in quote currency, quantity in base units, money in the settlement asset. */
export const PlanView = z.object({
  seq: z.number(),
  ts: Time,
  plan: z.string(),
  symbol: z.string(),
  side: Side,
  entry: z.number(),
  stopLoss: z.number(),
  takeProfit: z.number(),
  quantity: z.number(),
  rewardToRisk: z.number(),
  expectedValue: z.number(),
  expiresAt: Time,
});
export type PlanView = z.infer<typeof PlanView>;

/** What the models of a session say now. */
export const ForecastView = z.object({
  strategy: z.string(),
  signals: z.array(
    z.object({
      seq: z.number(),
      ts: Time,
      symbol: z.string(),
      direction: z.enum(['long', 'short', 'flat']),
      confidence: z.number(),
      riskScore: z.number(),
      horizon: z.number(),
      mean: z.number(),
      sd: z.number(),
    }),
  ),
  /** Oldest first. */
  weights: z.array(z.object({ ts: Time, weights: z.record(z.string(), z.number()) })),
  models: z.array(
    z.object({ model: z.string(), checkpoint: z.string(), since: Time, rows: z.number(), state: z.enum(['active', 'late', 'expired']) }),
  ),
  drift: z.array(
    z.object({
      ts: Time,
      subject: z.string(),
      detector: z.string(),
      level: z.enum(['none', 'warning', 'drift']),
      statistic: z.number(),
      threshold: z.number(),
    }),
  ),
  /** Plans that are not over, newest first. */
  plans: z.array(PlanView),
  /** Factor on the size of new entries. */
  size: z.object({ factor: z.number(), code: z.string(), text: z.string() }).nullable(),
});
export type ForecastView = z.infer<typeof ForecastView>;

/** Bars as columns, oldest first; `ts` is the open. */
export const BarColumns = z.object({
  ts: z.array(Time),
  open: z.array(z.number()),
  high: z.array(z.number()),
  low: z.array(z.number()),
  close: z.array(z.number()),
  volume: z.array(z.number()),
});
export type BarColumns = z.infer<typeof BarColumns>;

/** One symbol's market as the session received it. */
export const MarketView = z.object({
  symbol: z.string(),
  timeframe: z.string(),
  /** True for a practice exchange: such data is generated, and every chart says so. */
  synthetic: z.boolean(),
  /** Why there is nothing to show, or null. */
  notice: z.string().nullable(),
  bars: BarColumns,
  last: Maybe,
  bid: Maybe,
  ask: Maybe,
  mark: Maybe,
  index: Maybe,
  fundingRate: Maybe,
  nextFundingAt: Time.nullable(),
  at: Time.nullable(),
  /** Best first, at most 20 levels a side. */
  book: z.object({ bids: z.array(z.tuple([z.number(), z.number()])), asks: z.array(z.tuple([z.number(), z.number()])) }).nullable(),
  fills: z.array(FillView),
  funding: z.array(z.object({ ts: Time, rate: z.number() })),
});
export type MarketView = z.infer<typeof MarketView>;

/** A fact of the journal; `position` counts the account's facts from 1, over all its streams and restarts. */
export const FactLine = z.object({
  position: z.number(),
  seq: z.number(),
  strategy: z.string(),
  type: z.string(),
  ts: Time,
  knownAt: Time,
  correlationId: z.number(),
  causationId: z.number(),
  /** The fact as a sentence, as `quantai why` writes it: prices and quantities in market units. */
  text: z.string(),
  /** What the fact says beside its envelope, in the journal's own units. */
  payload: AnyJson,
});
export type FactLine = z.infer<typeof FactLine>;

export const LogLine = z.object({
  at: z.string(),
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
  text: z.string(),
  fields: AnyJson,
});
export type LogLine = z.infer<typeof LogLine>;

/** The answer of `quantai why --json` and `quantai why --at --json`, as it stands in docs/why.md, with its text for people. */
export const Explanation = z.object({ text: z.string(), document: AnyJson });

export const accountsApi = {
  'accounts.list': endpoint({
    summary: 'Every account of the workspace',
    roles: ROLES,
    verb: 'status',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ accounts: z.array(AccountLine) }),
  }),
  'accounts.show': endpoint({
    summary: 'One account, now',
    roles: ROLES,
    verb: 'status',
    params: Account,
    query: Nothing,
    body: Nothing,
    answer: AccountView,
  }),
  'accounts.command': endpoint({
    summary: 'Halt, resume, reduce, flatten, cancel all orders, or stop the session. Resume and stop are for operators',
    roles: ['researcher', 'operator', 'approver'],
    verb: 'halt',
    params: Account,
    query: Nothing,
    body: z.strictObject({ command: z.enum(COMMANDS), reason: z.string().max(1000).default(''), flatten: z.boolean().default(false) }),
    answer: z.object({ done: z.boolean(), through: z.enum(['session', 'watchdog']), error: z.string().nullable() }),
  }),
  'accounts.equity': endpoint({
    summary: 'Equity over market time',
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: z.strictObject({ from: Asking.optional(), to: Asking.optional(), points: Asking.int().min(10).max(20_000).default(2000) }),
    body: Nothing,
    answer: z.object({ ts: z.array(Time), equity: z.array(z.number()), exposure: z.array(Maybe) }),
  }),
  'accounts.orders': endpoint({
    summary: 'Orders that have ended, newest first; those at work are in the account',
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: PageQuery,
    body: Nothing,
    answer: page(OrderView),
  }),
  'accounts.fills': endpoint({
    summary: 'Fills, newest first',
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: PageQuery,
    body: Nothing,
    answer: page(FillView),
  }),
  'accounts.decisions': endpoint({
    summary: 'What strategies wanted, and what was denied, newest first',
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: PageQuery.extend({ kind: z.string().max(40).optional(), strategy: z.string().max(100).optional() }),
    body: Nothing,
    answer: page(DecisionView),
  }),
  'accounts.forecasts': endpoint({
    summary: 'Signals, weights, models in force and drift',
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: Nothing,
    body: Nothing,
    answer: z.object({ strategies: z.array(ForecastView) }),
  }),
  'accounts.limits': endpoint({
    summary: 'Limits with what is used of them',
    roles: ROLES,
    verb: 'limits',
    params: Account,
    query: Nothing,
    body: Nothing,
    answer: z.object({
      limits: z.array(LimitView),
      history: z.array(
        z.object({
          seq: z.number(),
          at: Time,
          path: z.string(),
          before: z.string(),
          after: z.string(),
          by: z.string(),
          reason: z.string(),
        }),
      ),
    }),
  }),
  'accounts.setLimits': endpoint({
    summary:
      'Change limits of the account while it trades. Looser ones need a reason, and a promoted session takes none looser than was approved',
    roles: ['operator'],
    verb: 'limits --set',
    params: Account,
    query: Nothing,
    body: z.strictObject({
      limits: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
      reason: z.string().max(1000).default(''),
    }),
    answer: z.object({ limits: z.array(LimitView) }),
  }),
  'accounts.market': endpoint({
    summary: 'A symbol: candles, quote, book, funding, own fills',
    roles: ROLES,
    verb: null,
    params: Account,
    query: z.strictObject({ symbol: SymbolName.optional(), bars: Asking.int().min(1).max(100_000).default(1500) }),
    body: Nothing,
    answer: MarketView,
  }),
  'accounts.facts': endpoint({
    summary: 'The journal: newest first, or oldest first after a position',
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: z.strictObject({
      after: Asking.int().min(0).optional(),
      before: Asking.int().min(0).optional(),
      type: z.string().max(60).optional(),
      /** Empty is the account's own stream. */
      strategy: z.string().max(100).optional(),
      /** The one fact of this number in the stream of `strategy`. */
      seq: Asking.int().min(0).optional(),
      text: z.string().max(200).optional(),
      from: Asking.optional(),
      to: Asking.optional(),
      limit: Asking.int().min(1).max(1000).default(200),
    }),
    body: Nothing,
    answer: z.object({ facts: z.array(FactLine), total: z.number(), types: z.array(z.string()) }),
  }),
  'accounts.why': endpoint({
    summary: 'Why a fact came about, back to the bar',
    roles: ROLES,
    verb: 'why',
    params: Account.extend({ seq: Asking.int().min(0) }),
    query: z.strictObject({ strategy: z.string().max(100).optional() }),
    body: Nothing,
    answer: Explanation,
  }),
  'accounts.stateAt': endpoint({
    summary: 'What the account held after a fact',
    roles: ROLES,
    verb: 'why',
    params: Account.extend({ seq: Asking.int().min(0) }),
    query: z.strictObject({ strategy: z.string().max(100).optional() }),
    body: Nothing,
    answer: Explanation,
  }),
  'accounts.log': endpoint({
    summary: "The session's log, newest first; secrets are taken out",
    roles: ROLES,
    verb: 'sql',
    params: Account,
    query: z.strictObject({
      level: LogLine.shape.level.optional(),
      text: z.string().max(200).optional(),
      limit: Asking.int().min(1).max(1000).default(200),
    }),
    body: Nothing,
    answer: z.object({ lines: z.array(LogLine) }),
  }),
} as const;
