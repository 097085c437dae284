import type { DecisionView, OrderView } from '../../../../src/dashboard/api/accounts-api.js';
import { CannedRefusal, type Canned } from './canned.js';
import { HOUR, SYMBOLS } from './session.js';
import { walkEquity } from './walk.js';

const cutAt = <T>(rows: readonly T[], after: string | undefined, limit: number): { rows: T[]; next: string | null } => {
  const from = after === undefined ? 0 : Number(after);
  return { rows: rows.slice(from, from + limit), next: from + limit < rows.length ? String(from + limit) : null };
};

const known = (name: string): void => {
  if (name !== 'main' && name !== 'paper-b')
    throw new CannedRefusal(404, 'unknown-account', `There is no account ${name}.`, 'quantai status lists the accounts.');
};

/** Accounts that trade, from the session behind the fake server. */
export const accounts: Canned = {
  'accounts.list': ({ session, empty }) => ({ accounts: empty ? [] : session.lines() }),
  'accounts.show': ({ params, session, empty }) => {
    known(empty ? '' : params.account);
    return session.account(params.account);
  },
  'accounts.command': ({ body, session }) => {
    session.command(body.command, body.reason);
    return { done: true, through: 'session', error: null };
  },
  'accounts.equity': ({ session, query, empty }) => {
    const n = empty ? 0 : Math.min(720, query.points);
    const end = Math.floor(session.marketTime() / HOUR) * HOUR;
    return {
      ts: Array.from({ length: n }, (_, at) => end - (n - 1 - at) * HOUR),
      equity: walkEquity(3, n, 100_000, 103_900),
      exposure: Array.from({ length: n }, (_, at) => Number((0.4 + 0.3 * Math.sin(at / 20)).toFixed(3))),
    };
  },
  'accounts.orders': ({ session, query, empty }) => {
    const rows: OrderView[] = session.fills
      .map((fill, at): OrderView => ({
        seq: fill.seq - 3,
        orderId: fill.orderId,
        strategy: fill.strategy,
        symbol: fill.symbol,
        side: fill.side,
        type: at % 3 === 0 ? 'limit' : 'market',
        quantity: fill.quantity,
        filled: at % 8 === 7 ? 0 : fill.quantity,
        limit: at % 3 === 0 ? fill.price : null,
        stop: null,
        tif: 'gtc',
        reduceOnly: false,
        postOnly: false,
        state: at % 8 === 7 ? 'cancelled' : 'filled',
        code: null,
        reason: 'fast against slow',
        submittedAt: fill.ts,
        acceptedAt: fill.ts + 38,
        endedAt: fill.ts + 55,
        averagePrice: fill.price,
        fee: fill.fee,
      }))
      .reverse();
    return cutAt(empty ? [] : rows, query.after, query.limit);
  },
  'accounts.fills': ({ session, query, empty }) => cutAt(empty ? [] : [...session.fills].reverse(), query.after, query.limit),
  'accounts.decisions': ({ session, query, empty }) => {
    const rows = session.facts
      .filter(({ type }) => type === 'TargetSet' || type === 'IntentDenied')
      .map((fact): DecisionView => {
        const payload = fact.payload as { symbol: string; exposure?: number; reason?: string; code?: string; text?: string };
        const isDenied = fact.type === 'IntentDenied';
        return {
          seq: fact.seq,
          ts: fact.ts,
          strategy: fact.strategy,
          kind: isDenied ? 'denied' : 'target',
          symbol: payload.symbol,
          text: isDenied ? payload.text! : `target ${payload.exposure}`,
          reason: payload.reason ?? null,
          code: payload.code ?? null,
          detail: payload,
        };
      })
      .filter(
        row => (query.kind === undefined || row.kind === query.kind) && (query.strategy === undefined || row.strategy === query.strategy),
      )
      .reverse();
    return cutAt(empty ? [] : rows, query.after, query.limit);
  },
  'accounts.forecasts': ({ session, empty }) => ({
    strategies: empty
      ? []
      : [
          {
            strategy: 'sma-cross',
            signals: SYMBOLS.map((symbol, at) => ({
              seq: 40 + at,
              ts: session.marketTime() - HOUR,
              symbol,
              direction: (['long', 'short', 'flat'] as const)[at]!,
              confidence: 0.62 - at * 0.07,
              riskScore: 0.3 + at * 0.1,
              horizon: 24,
              mean: 0.0062 - at * 0.006,
              sd: 0.018,
            })),
            weights: Array.from({ length: 120 }, (_, at) => {
              const a = 0.4 + 0.2 * Math.sin(at / 18);
              const b = 0.35 + 0.1 * Math.cos(at / 11);
              return { ts: session.marketTime() - (119 - at) * HOUR, weights: { logistic: a, boosting: b, forest: 1 - a - b } };
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
                subject: 'log-loss' as string,
                detector: 'page-hinkley',
                level: 'warning' as const,
                statistic: 3.1,
                threshold: 4,
              },
            ],
            plans: [
              {
                seq: 60,
                ts: session.marketTime() - 3 * HOUR,
                plan: 'p-14',
                symbol: SYMBOLS[0],
                side: 'buy' as const,
                entry: 96_017.5,
                stopLoss: 92_650,
                takeProfit: 102_280,
                quantity: 0.25,
                rewardToRisk: 1.86,
                expectedValue: 148.2,
                expiresAt: session.marketTime() + 21 * HOUR,
              },
            ],
            size: { factor: 0.5, code: 'drift-warning', text: 'half size while drift is suspected' },
          },
        ],
  }),
  'accounts.limits': ({ session, empty }) => ({
    limits: empty ? [] : session.account().limits,
    history: empty
      ? []
      : [
          {
            seq: 12,
            at: session.marketTime() - 20 * HOUR,
            path: 'maxGross',
            before: '2',
            after: '1.5',
            by: 'ana',
            reason: 'a calmer week',
          },
        ],
  }),
  'accounts.setLimits': ({ session, body }) => {
    if (body.reason === '') throw new CannedRefusal(403, 'reason-needed', 'A looser limit needs a reason.', 'Say why, and it is changed.');
    return { limits: session.account().limits };
  },
  'accounts.market': ({ session, query, params }) => {
    known(params.account);
    return session.market(query.symbol ?? SYMBOLS[0], query.bars);
  },
  'accounts.facts': ({ session, query, empty }) => {
    const all = empty
      ? []
      : session.facts.filter(
          fact =>
            (query.type === undefined || fact.type === query.type) &&
            (query.strategy === undefined || fact.strategy === query.strategy) &&
            (query.text === undefined || JSON.stringify(fact).includes(query.text)) &&
            (query.from === undefined || fact.ts >= query.from) &&
            (query.to === undefined || fact.ts <= query.to),
        );
    const facts =
      query.after !== undefined
        ? all.filter(({ position }) => position > query.after!).slice(0, query.limit)
        : all
            .filter(({ position }) => query.before === undefined || position < query.before)
            .slice(-query.limit)
            .reverse();
    return { facts, total: all.length, types: [...new Set(session.facts.map(({ type }) => type))].sort() };
  },
  'accounts.why': ({ params, session }) => ({
    text: 'The bar of BTC/USDT:USDT that opened 08:00 closed at 96,480. sma-cross set its target to 0.5 (fast against slow).\nRisk let an order of 0.25 pass. The venue filled it at 96,500.',
    document: { chain: session.facts.slice(Math.max(0, params.seq - 4), params.seq + 1) },
  }),
  'accounts.stateAt': ({ params }) => ({
    text: `After fact ${params.seq}: cash 52,910.00 USDT, 0.25 BTC/USDT:USDT at 96,017.50, ACTIVE.`,
    document: { seq: params.seq, cash: 52_910, positions: [{ symbol: SYMBOLS[0], quantity: 0.25, price: 96_017.5 }], risk: 'ACTIVE' },
  }),
  'accounts.log': ({ query, session, empty }) => ({
    lines: (empty ? [] : Array.from({ length: 60 }, (_, at) => at))
      .map(at => ({
        at: new Date(session.marketTime() - at * 61_000).toISOString(),
        level: at % 11 === 3 ? ('warn' as const) : ('info' as const),
        text: at % 11 === 3 ? 'the stream of SOL/USDT:USDT was silent for 41 s' : 'bar decided',
        fields: { symbol: SYMBOLS[at % 3], ms: 1.2 },
      }))
      .filter(
        ({ level, text }) =>
          (query.level === undefined || level === query.level) && (query.text === undefined || text.includes(query.text)),
      )
      .slice(0, query.limit),
  }),
};
