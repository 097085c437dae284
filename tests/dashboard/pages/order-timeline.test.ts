import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactLine } from '../../../src/dashboard/api/accounts-api.js';
import { readWhy } from '../../../src/dashboard/web/orders/explanation.js';
import { factName, readFactName } from '../../../src/dashboard/web/orders/fact-name.js';
import { withHead, withTail, type Keyed, type RowsPage } from '../../../src/dashboard/web/orders/keyed-rows.js';
import { orderLatencies, orderTimeline } from '../../../src/dashboard/web/orders/order-timeline.js';
import { acceptLatency, distanceTo, orderTerms } from '../../../src/dashboard/web/orders/order-words.js';

const fact = (position: number, type: string, ts: number, payload: unknown, knownAt = ts): FactLine => ({
  position,
  seq: position,
  strategy: 'sma',
  type,
  ts,
  knownAt,
  correlationId: 1,
  causationId: position - 1,
  text: `${type}.`,
  payload,
});

const LIFE = [
  fact(10, 'OrderApproved', 1000, { ticket: { orderId: 'a.1.4', symbol: 'BTC' } }),
  fact(11, 'OrderSubmitted', 1002, { orderId: 'a.1.4' }),
  fact(12, 'OrderAccepted', 1040, { orderId: 'a.1.4' }, 1043),
  fact(14, 'OrderFilled', 1100, { orderId: 'a.1.4' }, 1110),
  fact(15, 'OrderFilled', 1500, { orderId: 'a.1.4' }, 1510),
];
const OTHERS = [
  fact(9, 'OrderApproved', 900, { ticket: { orderId: 'a.1.41' } }),
  fact(13, 'OrderFilled', 1050, { orderId: 'a.1.41' }),
  fact(16, 'TargetSet', 1600, { symbol: 'BTC' }),
];

describe('the life of an order', () => {
  it('is told once and in order, however its facts come, and without those of an order with a longer name', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...LIFE, ...OTHERS, ...LIFE], { minLength: LIFE.length * 2 + OTHERS.length }), facts => {
        const steps = orderTimeline(facts, 'a.1.4');
        expect(steps.map(({ event, at, since, heardAfter }) => [event, at, since, heardAfter])).toEqual([
          ['approved', 1000, null, 0],
          ['submitted', 1002, 2, 0],
          ['accepted', 1040, 38, 3],
          ['filled', 1100, 60, 10],
          ['filled', 1500, 400, 10],
        ]);
      }),
    );
  });

  it('has the latency of the first answer and of the first trade, counted from leaving for the venue', () => {
    expect(orderLatencies(orderTimeline(LIFE, 'a.1.4'))).toEqual({ accept: 38, fill: 98 });
    expect(orderLatencies(orderTimeline(LIFE.slice(0, 2), 'a.1.4'))).toEqual({ accept: null, fill: null });
  });

  it('names the code of an end', () => {
    const steps = orderTimeline([...LIFE, fact(17, 'OrderCancelled', 1700, { orderId: 'a.1.4', code: 'requested' })], 'a.1.4');
    expect(steps.at(-1)).toMatchObject({ event: 'cancelled', code: 'requested', since: 200 });
  });
});

describe('lists that grow while they are read', () => {
  const rows = (from: number, to: number): readonly Keyed[] =>
    Array.from({ length: from - to + 1 }, (_, at) => ({ strategy: 's', seq: from - at }));
  const page = (from: number, to: number): RowsPage<Keyed> => ({ rows: rows(from, to), next: String(to) });
  const seqs = (list: readonly { readonly seq: number }[]) => list.map(({ seq }) => seq);

  it('have every row once, newest first, when a head and older pages overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ isHead: fc.boolean(), on: fc.integer({ min: 0, max: 9 }) }), { maxLength: 15 }), turns => {
        let newest = 100;
        let oldest = 91;
        let list = page(newest, oldest);
        for (const { isHead, on } of turns) {
          if (isHead) {
            newest += on;
            list = withHead(list, page(newest, newest - 9));
          } else {
            list = withTail(list, page(oldest + 2, oldest - on));
            oldest -= on;
          }
        }
        expect(seqs(list.rows)).toEqual(seqs(rows(newest, oldest)));
        expect(list.next).toBe(String(oldest));
      }),
    );
  });

  it('begin anew where more came than a page holds, instead of hiding a hole', () => {
    expect(withHead(page(100, 91), page(200, 191))).toEqual(page(200, 191));
  });

  it('can be read on where nothing was in them and then more than a page came', () => {
    expect(withHead({ rows: [], next: null }, page(250, 151))).toEqual(page(250, 151));
  });

  it('begin anew where they would hold too many rows for a browser', () => {
    const long = page(4000, 1000);
    expect(withHead(long, page(4001, 3902)).next).toBe('3902');
    expect(withHead(page(3999, 1001), page(4000, 3901))).toEqual(page(4000, 1001));
  });

  it('tell rows of different streams with the same number apart', () => {
    const head = withHead(
      { rows: [{ strategy: 'a', seq: 1 }], next: null },
      {
        rows: [
          { strategy: 'b', seq: 1 },
          { strategy: 'a', seq: 1 },
        ],
        next: null,
      },
    );
    expect(head.rows).toHaveLength(2);
  });
});

describe('names of facts', () => {
  it('come back from the address as they went in', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[\w.@-]{0,12}$/).filter(name => name !== 'account'),
        fc.nat(),
        (strategy, seq) => {
          expect(readFactName(factName({ strategy, seq }))).toEqual({ strategy, seq });
        },
      ),
    );
    for (const wrong of [null, '', '12', ':12', 'a:', 'a:-1', 'a:1.5', 'a:99999999999999999']) expect(readFactName(wrong)).toBeNull();
  });
});

describe('the why of a fact', () => {
  it('is read from the document of quantai why, and from anything else as nothing', () => {
    const why = readWhy({
      stream: 'sma-cross',
      orderId: 'a.1.4',
      symbol: 'BTC',
      fact: 14,
      causes: {
        complete: true,
        steps: [
          { stage: 'bar', seq: null, ts: 5, text: 'a bar' },
          { stage: 'risk', seq: 3, stream: 'account', ts: 6, text: 'r' },
        ],
        consequences: [],
      },
      indicators: null,
      verdict: 'It filled.',
    });
    expect(why).toMatchObject({ stream: 'sma-cross', fact: 14, isComplete: true, verdict: 'It filled.', note: null });
    expect(why.steps[1]).toEqual({ stage: 'risk', seq: 3, stream: 'account', ts: 6, text: 'r' });
    fc.assert(fc.property(fc.anything(), document => typeof readWhy(document).isComplete === 'boolean'));
  });
});

describe('figures of orders and positions', () => {
  it('are those of a plain reading', () => {
    expect(orderTerms({ tif: 'gtc', postOnly: true, reduceOnly: true })).toBe('gtc · post-only · reduce-only');
    expect(acceptLatency({ submittedAt: 10, acceptedAt: 48 })).toBe(38);
    expect(acceptLatency({ submittedAt: null, acceptedAt: 48 })).toBeNull();
    expect(distanceTo(90, { markPrice: 100, lastPrice: 80 })).toBeCloseTo(-0.1);
    expect(distanceTo(90, { markPrice: null, lastPrice: 100 })).toBeCloseTo(-0.1);
    expect(distanceTo(null, { markPrice: 100, lastPrice: 80 })).toBeNull();
  });
});
