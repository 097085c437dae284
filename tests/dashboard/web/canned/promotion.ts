import type { PromotionLine } from '../../../../src/dashboard/api/promotion-api.js';
import { CannedRefusal, type Canned } from './canned.js';
import { BEGIN, HOUR } from './session.js';

const DAY = 24 * HOUR;
const PROMOTIONS: readonly PromotionLine[] = [
  {
    id: 'p-sma-cross-1',
    strategy: 'sma-cross',
    run: 'sma-cross-sample-3f9a12c',
    stage: 'live',
    paper: { account: 'paper-b', venue: 'practice', practice: true, size: 50_000, share: 1, since: BEGIN - 40 * DAY },
    live: { account: 'main', venue: 'practice', practice: true, size: 50_000, share: 0.1, since: BEGIN - 5 * DAY },
    overrides: [],
    at: BEGIN - 5 * DAY,
  },
  {
    id: 'p-breakout-1',
    strategy: 'breakout',
    run: 'breakout-sample-3f9b01b',
    stage: 'paper',
    paper: { account: 'paper-b', venue: 'practice', practice: true, size: 50_000, share: 1, since: BEGIN - 12 * DAY },
    live: null,
    overrides: ['paper-days'],
    at: BEGIN - 12 * DAY,
  },
  {
    id: 'p-my-idea-1',
    strategy: 'strategies/my-idea.ts',
    run: 'strategies-my-idea-ts-sample-3f9d',
    stage: 'candidate',
    paper: null,
    live: null,
    overrides: [],
    at: BEGIN - DAY,
  },
  {
    id: 'p-mean-reversion-2',
    strategy: 'mean-reversion',
    run: 'mean-reversion-sample-3f9f31a',
    stage: 'demoted',
    paper: null,
    live: null,
    overrides: [],
    at: BEGIN - 3 * DAY,
  },
  {
    id: 'p-mean-reversion-1',
    strategy: 'mean-reversion',
    run: 'mean-reversion-sample-3f9a001',
    stage: 'retired',
    paper: null,
    live: null,
    overrides: [],
    at: BEGIN - 80 * DAY,
  },
];

/** Promotions, approvals and the audit log. */
export const promotion: Canned = {
  'promotions.list': ({ empty }) => ({ promotions: empty ? [] : [...PROMOTIONS] }),
  'promotions.show': ({ params }) => ({
    line: PROMOTIONS.find(({ id }) => id === params.promotion) ?? PROMOTIONS[0]!,
    history: [
      { seq: 3, at: BEGIN - 40 * DAY, actor: 'ana', stage: 'paper', text: 'sma-cross goes to paper on practice' },
      { seq: 9, at: BEGIN - 5 * DAY, actor: 'ana', stage: 'live', text: 'sma-cross goes live on practice with 10% of 50,000 USDT' },
    ],
    gates: [
      {
        to: 'live',
        at: BEGIN - 5 * DAY,
        results: [
          {
            gate: 'paper-days',
            title: 'Days in paper',
            verdict: 'pass',
            figure: 35,
            limit: 30,
            sentence: 'It traded 35 days in paper.',
            change: '',
            overridable: true,
          },
          {
            gate: 'evidence',
            title: 'Evidence',
            verdict: 'fail',
            figure: 0.62,
            limit: 0.9,
            sentence: 'The deflated Sharpe ratio is 0.62.',
            change: 'More data, or fewer trials.',
            overridable: true,
          },
          {
            gate: 'parity',
            title: 'Parity',
            verdict: 'cannot-tell',
            figure: null,
            limit: 0,
            sentence: 'No parity run is on record.',
            change: 'quantai parity --account paper-b',
            overridable: false,
          },
        ],
      },
    ],
    parity: [
      { at: BEGIN - 6 * DAY, from: BEGIN - 36 * DAY, to: BEGIN - 6 * DAY, passed: true, sentence: 'All 412 targets agree.', page: null },
    ],
    watch: [{ at: BEGIN - DAY, monitor: 'drawdown', verdict: 'inside', sentence: 'Drawdown is inside what the walk-forward lets expect.' }],
    overrides: [{ gate: 'paper-days', reason: 'few, and each of them hedged', by: ['ana', 'ben'], at: BEGIN - 12 * DAY }],
  }),
  'promotions.change': ({ body }) => {
    if (body.change === 'live' || body.change === 'ramp') {
      const sentence = `approve ${body.strategy} on main at practice with 25000 of 50000 USDT, worst-case loss 8750 USDT`;
      if (body.confirm === undefined)
        throw new CannedRefusal(403, 'not-confirmed', 'There is no terminal to confirm it on.', `Say --confirm "${sentence}".`);
      if (body.confirm !== sentence)
        throw new CannedRefusal(
          403,
          'wrong-sentence',
          'That was another sentence: nothing was asked for.',
          `It must be exactly: ${sentence}`,
        );
    }
    return { text: `${body.strategy}: ${body.change}`, document: {} };
  },
  'approvals.list': ({ empty }) => ({
    requests: empty
      ? []
      : [
          {
            request: 'r-7',
            kind: 'ramp',
            promotion: 'p-sma-cross-1',
            by: 'ben',
            at: BEGIN - 3 * HOUR,
            expiresAt: BEGIN + 21 * HOUR,
            text: 'Ramp sma-cross from 10% to 50% of 50,000 USDT',
            sentence: 'approve sma-cross on main at practice with 25000 of 50000 USDT, worst-case loss 8750 USDT',
            state: 'waiting',
            size: 50_000,
            share: 0.5,
            loss: 8750,
          },
        ],
  }),
  'approvals.give': () => ({ text: 'Approved.', document: {} }),
  'audit.list': ({ empty, query }) => {
    const records = (empty ? [] : Array.from({ length: 60 }, (_, at) => 60 - at)).map(seq => ({
      seq,
      at: BEGIN - (60 - seq) * 5 * HOUR,
      actor: seq % 3 === 0 ? 'ben' : 'ana',
      type: ['PromotionMoved', 'LimitsChanged', 'HaltCommanded'][seq % 3]!,
      text: ['sma-cross goes to paper', 'maxGross from 2 to 1.5', 'halt main: a look at the fills'][seq % 3]!,
      record: { seq, hash: `${seq}ab9c` },
    }));
    return {
      records: records
        .filter(
          ({ actor, type, text, seq }) =>
            (query.actor === undefined || actor === query.actor) &&
            (query.type === undefined || type === query.type) &&
            (query.text === undefined || text.includes(query.text)) &&
            (query.before === undefined || seq < query.before),
        )
        .slice(0, query.limit),
      total: records.length,
    };
  },
  'audit.verify': () => ({ ok: true, text: '60 records, every hash and signature holds.' }),
};
