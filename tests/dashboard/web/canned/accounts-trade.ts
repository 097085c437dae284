import type { DecisionView, FactLine } from '../../../../src/dashboard/api/accounts-api.js';
import { CannedRefusal, type Canned } from './canned.js';
import { HOUR, SYMBOLS, type FakeSession } from './session.js';

const cutAt = <T>(rows: readonly T[], after: string | undefined, limit: number): { rows: T[]; next: string | null } => {
  const from = after === undefined ? 0 : Number(after);
  return { rows: rows.slice(from, from + limit), next: from + limit < rows.length ? String(from + limit) : null };
};

const streamOf = (strategy: string | undefined): string | undefined => (strategy === 'account' ? '' : strategy);

const PLANNED = ['BTC/USDT:USDT', 'ETH/USDT:USDT'] as const;
const ENTRY = { 'BTC/USDT:USDT': 96_480, 'ETH/USDT:USDT': 2684.5 } as const;

/** Decisions that a forecasting strategy makes beside those of the session behind the fake server. */
const forecastDecisions = (session: FakeSession): DecisionView[] =>
  PLANNED.flatMap((symbol, at) => {
    const ts = session.marketTime() - (at + 2) * HOUR;
    const isLong = at === 0;
    const of = (seq: number, kind: string, text: string, code: string | null = null): DecisionView => ({
      seq: 900 + at * 10 + seq,
      ts: ts + seq,
      strategy: 'ensemble',
      kind,
      symbol,
      text,
      reason: kind === 'signal' ? 'three of three models agree' : null,
      code,
      detail: {},
    });
    return [
      of(0, 'signal', `${isLong ? 'long' : 'short'}, confidence 0.${62 - at * 4}, horizon 24 bars`),
      of(1, 'plan', `${isLong ? 'buy' : 'sell'} at ${ENTRY[symbol]}, reward to risk ${1.8 - at * 0.3}`),
      of(2, 'denied', 'the quoted spread of 3.4 bp is above the limit of 3 bp', 'spread'),
      of(3, 'plan-closed', 'p12 is over', 'take-profit'),
    ];
  });

const factDecisions = (session: FakeSession): DecisionView[] =>
  session.facts
    .filter(({ type }) => type === 'TargetSet' || type === 'IntentDenied')
    .map((fact): DecisionView => {
      const { symbol, exposure, reason, code, text } = fact.payload as {
        symbol: string;
        exposure?: number;
        reason?: string;
        code?: string;
        text?: string;
      };
      const isDenied = fact.type === 'IntentDenied';
      return {
        seq: fact.seq,
        ts: fact.ts,
        strategy: fact.strategy,
        kind: isDenied ? 'denied' : 'target',
        symbol,
        text: isDenied ? (text ?? '') : `target ${exposure ?? 0}`,
        reason: reason ?? null,
        code: code ?? null,
        detail: fact.payload,
      };
    });

const found = (session: FakeSession, strategy: string | undefined, seq: number): FactLine | undefined =>
  session.facts.find(fact => fact.strategy === (streamOf(strategy) ?? fact.strategy) && fact.seq === seq);

const STAGES: Readonly<Record<string, string>> = {
  TargetSet: 'target',
  OrderApproved: 'gate',
  IntentDenied: 'gate',
  OrderSubmitted: 'order',
  OrderAccepted: 'order',
  OrderFilled: 'fill',
  OperatorCommanded: 'command',
};

const chainTo = (session: FakeSession, last: FactLine): readonly FactLine[] => {
  const cause = last.causationId < 0 ? undefined : found(session, last.strategy === '' ? 'account' : last.strategy, last.causationId);
  return cause === undefined ? [last] : [...chainTo(session, cause), last];
};

const orderIdOf = (fact: FactLine): string | null => {
  const { orderId, ticket } = fact.payload as { orderId?: string; ticket?: { orderId: string } };
  return orderId ?? ticket?.orderId ?? null;
};

/** What the trading tabs ask: forecasts, decisions, limits, facts, why, time travel, log. */
export const accountsTrade: Canned = {
  'accounts.decisions': ({ session, query, empty }) => {
    const rows = [...factDecisions(session), ...forecastDecisions(session)]
      .filter(
        each =>
          (query.kind === undefined || each.kind === query.kind) && (query.strategy === undefined || each.strategy === query.strategy),
      )
      .sort((a, b) => b.ts - a.ts || b.seq - a.seq);
    return cutAt(empty ? [] : rows, query.after, query.limit);
  },
  'accounts.forecasts': ({ session, empty }) => ({
    strategies: empty
      ? []
      : [
          {
            strategy: 'ensemble',
            signals: SYMBOLS.map((symbol, at) => ({
              seq: 890 + at,
              ts: session.marketTime() - (at + 1) * HOUR,
              symbol,
              direction: (['long', 'short', 'flat'] as const)[at]!,
              confidence: 0.62 - at * 0.05,
              riskScore: 0.18 + at * 0.21,
              horizon: 24,
              mean: [0.0062, -0.0041, 0.0003][at]!,
              sd: 0.018 - at * 0.003,
            })),
            weights: Array.from({ length: 240 }, (_, at) => {
              const a = 0.38 + 0.2 * Math.sin(at / 18);
              const b = 0.3 + 0.08 * Math.cos(at / 11);
              return { ts: session.marketTime() - (239 - at) * HOUR, weights: { logistic: a, boosting: b, forest: 1 - a - b } };
            }),
            models: ['logistic', 'boosting', 'forest'].map((model, at) => ({
              model,
              checkpoint: `${'9f3ac2'[at]}c41d77e0`,
              since: session.marketTime() - (at + 1) * 60 * HOUR,
              rows: 8760,
              state: (['active', 'active', 'late'] as const)[at]!,
            })),
            drift: [
              {
                ts: session.marketTime() - 30 * HOUR,
                subject: 'log-loss',
                detector: 'page-hinkley',
                level: 'warning' as const,
                statistic: 3.1,
                threshold: 4,
              },
            ],
            plans: PLANNED.map((symbol, at) => ({
              seq: 901 + at * 10,
              ts: session.marketTime() - (at + 2) * HOUR,
              plan: `p${13 + at}`,
              symbol,
              side: at === 0 ? ('buy' as const) : ('sell' as const),
              entry: ENTRY[symbol],
              stopLoss: ENTRY[symbol] * (at === 0 ? 0.985 : 1.018),
              takeProfit: ENTRY[symbol] * (at === 0 ? 1.027 : 0.973),
              quantity: at === 0 ? 0.12 : 3.4,
              rewardToRisk: 1.8 - at * 0.3,
              expectedValue: 41.3 - at * 22.6,
              expiresAt: session.marketTime() + (22 - at * 7) * HOUR - 754_000,
            })),
            size: { factor: 0.5, code: 'drift-warning', text: 'half size while drift is suspected' },
          },
        ],
  }),
  'accounts.limits': ({ session, empty }) => ({
    limits: empty ? [] : session.account().limits,
    history: empty
      ? []
      : [
          { seq: 31, at: session.marketTime() - 3 * HOUR, path: 'risk.maxOpenOrders', before: '40', after: '20', by: 'ana', reason: '' },
          {
            seq: 12,
            at: session.marketTime() - 20 * HOUR,
            path: 'risk.maxGross',
            before: '1.2',
            after: '1.5',
            by: 'ana',
            reason: 'a calmer week',
          },
        ],
  }),
  'accounts.setLimits': ({ session, body }) => {
    const [path, value] = Object.entries(body.limits)[0] ?? ['', null];
    const limit = session.account().limits.find(each => each.scope === '' && each.path === path);
    const isLooser = value === null || (typeof value === 'number' && typeof limit?.limit === 'number' && value > limit.limit);
    if (isLooser && body.reason === '')
      throw new CannedRefusal(409, 'reason-needed', `${path} would become looser: say why.`, 'A limit that becomes looser needs a reason.');
    if (typeof value === 'number' && value > 2)
      throw new CannedRefusal(409, 'promoted-limits', `${path} may not be looser than what was approved.`, 'Ask for another promotion.');
    return { limits: session.account().limits.map(each => (each === limit && value !== null ? { ...each, limit: value } : each)) };
  },
  'accounts.facts': ({ session, query, empty }) => {
    const strategy = streamOf(query.strategy);
    const all = empty
      ? []
      : session.facts.filter(
          fact =>
            (query.type === undefined || fact.type === query.type) &&
            (strategy === undefined || fact.strategy === strategy) &&
            (query.seq === undefined || fact.seq === query.seq) &&
            (query.text === undefined || JSON.stringify(fact).toLowerCase().includes(query.text.toLowerCase())) &&
            (query.from === undefined || fact.ts >= query.from) &&
            (query.to === undefined || fact.ts < query.to),
        );
    const { after, before, limit } = query;
    const facts =
      after !== undefined
        ? all.filter(({ position }) => position > after).slice(0, limit)
        : all
            .filter(({ position }) => before === undefined || position < before)
            .slice(-limit)
            .reverse();
    return { facts, total: all.length, types: [...new Set(session.facts.map(({ type }) => type))].sort() };
  },
  'accounts.why': ({ params, query, session }) => {
    const last = found(session, query.strategy, params.seq);
    if (last === undefined)
      throw new CannedRefusal(400, 'unknown-fact', `The journal has no fact ${params.seq}.`, 'quantai sql lists them.');
    const chain = chainTo(session, last);
    const orderId = orderIdOf(last);
    const step = (fact: FactLine) => ({ stage: STAGES[fact.type] ?? 'fact', seq: fact.seq, ts: fact.ts, text: fact.text, from: null });
    return {
      text: chain.map(({ text }) => text).join('\n'),
      document: {
        account: params.account,
        stream: last.strategy === '' ? 'account' : last.strategy,
        orderId,
        symbol: SYMBOLS[0],
        fact: last.seq,
        causes: {
          complete: true,
          steps: [
            {
              stage: 'bar',
              seq: null,
              ts: last.ts - 60,
              text: 'The 1h bar of BTC/USDT:USDT from 2025-02-14 08:00 to 2025-02-14 09:00, heard 46 ms after its close.',
              from: null,
            },
            ...chain.map(step),
          ],
          consequences:
            last.type === 'OrderFilled'
              ? [{ stage: 'position', seq: null, ts: last.ts, text: 'The position became 0.25 at 96,017.5.', from: null }]
              : [],
        },
        indicators: 'Indicators and the bar’s prices are in no journal: name data with --dataset to have them computed again.',
        verdict: orderId === null ? null : 'It filled whole, 55 ms after it left.',
        life: [],
      },
    };
  },
  'accounts.stateAt': ({ params, query, session }) => {
    const fact = found(session, query.strategy, params.seq);
    if (fact === undefined)
      throw new CannedRefusal(400, 'unknown-fact', `The journal has no fact ${params.seq}.`, 'quantai sql lists them.');
    const stream = fact.strategy === '' ? 'account' : fact.strategy;
    const known = (cash: number, isTrading: boolean) => ({
      cash,
      positions: isTrading ? [{ symbol: SYMBOLS[0], leg: null, quantity: 0.25, entry: 96_017.5 }] : [],
      orders: isTrading
        ? [
            {
              orderId: 'a.1.s0',
              symbol: SYMBOLS[0],
              side: 'sell',
              type: 'stop',
              remaining: 0.25,
              limit: null,
              stop: 92_656.9,
              reduceOnly: true,
            },
          ]
        : [],
      plans: [],
      executions: [],
      targets: isTrading ? { [SYMBOLS[0]]: 0.5 } : {},
      risk: { state: 'ACTIVE', code: 'calm', text: '' },
      weights: {},
      models: [],
      sizeFactor: 1,
      drifts: {},
      alarms: {},
      hash: 'c41d77e09f3ac2c41d77e0',
    });
    return {
      text: `After fact ${params.seq}: cash 52,910.00 USDT, 0.25 BTC/USDT:USDT at 96,017.50, ACTIVE.`,
      document: {
        of: params.account,
        place: fact.position - 1,
        stream,
        seq: fact.seq,
        ts: fact.ts,
        type: fact.type,
        text: fact.text,
        streams: { account: known(0, false), breakout: known(50_910, false), 'sma-cross': known(52_910, true) },
        limits: { maxGross: 1.5, maxDailyLoss: 0.03, maxDrawdown: 0.1, maxOpenOrders: 20, maxSpread: null },
        recorded: { after: 'the first 160 facts', hash: 'c41d77e09f3a', same: true },
      },
    };
  },
};
