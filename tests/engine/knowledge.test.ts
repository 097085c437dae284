import { describe, expect, it } from 'vitest';
import { record, scalar } from '../../src/features/feature.js';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { bars, defineStrategy } from '../../src/strategies/strategy.js';
import { A, B, T0, factsOf, play, still, told, type BarRow } from './scenario.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const flat = (n: number, price = 100): BarRow[] => Array.from({ length: n }, () => still(price));
const latency = (o: number, c: number, report: number) => ({ latency: { kind: 'constant', order: o, cancel: c, report } }) as const;
const hours = (ts: number): number => (ts - T0) / HOUR;

describe('latency', () => {
  it('puts an order to the venue later, at the price that the path has then', async () => {
    // Low first when both are as near: 100, 90 at 20 minutes, 110 at 40, 105. Half an hour in, it is halfway up: 100; 50 minutes in, 107.5.
    const bars = { [A]: [still(100), [100, 110, 90, 105], still(105)] as BarRow[] };
    const at = async (ms: number) =>
      told(await play({ bars, decide: i => (i === 0 ? target(A, 1) : undefined), config: latency(ms, 0, 0) }));
    expect(await at(30 * MINUTE)).toEqual(['buy 100@100 taker h1.5']);
    expect(await at(50 * MINUTE)).toEqual(['buy 100@108 taker h1.8333333333333333']);
    expect(await at(60 * MINUTE)).toEqual(['buy 100@105 taker h2']);
  });

  it('keeps what the venue did from the strategy until it is reported', async () => {
    const seen: number[] = [];
    const result = await play({
      bars: { [A]: flat(5) },
      decide: (i, _, { position, equity }) => {
        seen.push(position(A).quantity, equity);
        return i === 0 ? target(A, 1) : undefined;
      },
      config: { ...latency(0, 0, 90 * MINUTE), fees: { kind: 'maker-taker', maker: 0, taker: 0.01 } },
    });
    // Filled at h1, known at h2.5: nothing at h1 and h2, everything from h3 on.
    expect(seen).toEqual([0, 10_000, 0, 10_000, 100, 9900, 100, 9900, 100, 9900]);
    expect(factsOf(result, 'OrderFilled').map(f => [hours(f.ts), hours(f.knownAt)])).toEqual([[1, 2.5]]);
    expect([...result.curve.equity]).toEqual([10_000, 10_000, 9900, 9900, 9900]);
  });

  it('lets an order work until its cancel arrives', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(100), still(80), still(80)] },
      decide: i => [order({ symbol: A, side: 'buy', quantity: 1, limit: 90, id: 'x' }), cancel('x')][i],
      config: latency(0, 61 * MINUTE, 0),
    });
    // Wanted back at h2, back at h3.02, but the price jumped through it at h3.
    expect(told(result)).toEqual(['buy 1@90 maker h3']);
    expect(factsOf(result, 'CancelRejected').length).toBe(1);
  });

  it('brings answers that are on their way when the data ends, in time order, and marks the end with them', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 90, 90]] },
      decide: i =>
        (['buy', 'sell', undefined] as const).slice(i, i + 1).flatMap(side => (side ? [order({ symbol: A, side, quantity: 100 })] : [])),
      config: { ...latency(0, 0, 2 * HOUR), fees: { kind: 'maker-taker', maker: 0, taker: 0.01 } },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@100 taker h2']);
    expect(result.finalEquity).toBe(10_000 - 200);
    expect(result.curve.equity.at(-1)).toBe(9800);
    const known = result.facts.map(f => f.knownAt);
    expect(known).toEqual([...known].sort((a, b) => a - b));
  });
});

describe('a delay of publication', () => {
  it('shows a bar later than its close, and an order decided then meets the bar under way', async () => {
    const seen: number[] = [];
    const result = await play({
      bars: { [A]: [still(100), [100, 100, 40, 40], still(40)] },
      decide: (i, bar, { now }) => {
        seen.push(hours(bar.ts), hours(now));
        return i === 0 ? order({ symbol: A, side: 'buy', quantity: 1 }) : undefined;
      },
      config: { delays: { bars: 30 * MINUTE, funding: 0, mark: 0 } },
    });
    // The last bar would be known half an hour after the run's end.
    expect(seen).toEqual([1, 1.5, 2, 2.5]);
    // High first and still, then from 100 to 40 between minute 20 and 40.
    expect(told(result)).toEqual(['buy 1@70 taker h1.5']);
  });

  it('shows a settled rate later, while the payment is due at once', async () => {
    const seen: (number | undefined)[] = [];
    const result = await play({
      bars: { [A]: flat(5) },
      decide: (i, _, { funding }) => {
        seen.push(funding(A)?.rate);
        return i === 0 ? order({ symbol: A, side: 'buy', quantity: 10 }) : undefined;
      },
      funding: [[A, T0 + 2 * HOUR, 0.01]],
      config: { delays: { bars: 0, funding: 2 * HOUR, mark: 0 } },
    });
    expect(seen).toEqual([undefined, undefined, undefined, 0.01, 0.01]);
    expect(result.funding.map(f => [hours(f.ts), f.amount])).toEqual([[2, -10]]);
  });
});

describe('the warm-up', () => {
  const third = { third: scalar('third', 3, () => () => 1) };

  it('refuses intents until every indicator has its bars, once, with a code', async () => {
    const result = await play({ bars: { [A]: flat(6) }, indicators: third, decide: () => target(A, 1) });
    expect(result.refusals).toEqual({ 'warming-up': 1 });
    expect(factsOf(result, 'IntentDenied').map(f => [hours(f.ts), f.text])).toEqual([
      [1, `${A} has not shown the 3 bars that the strategy needs`],
    ]);
    expect(told(result)).toEqual(['buy 100@100 taker h3']);
  });

  it('counts the bars of each symbol by itself', async () => {
    const result = await play({
      bars: { [A]: flat(6), [B]: [null, null, ...flat(4)] },
      indicators: third,
      decide: (_, { symbol }) => target(symbol, 0.5),
    });
    expect(told(result)).toEqual(['buy 50@100 taker h3', 'buy 50@100 taker h5 BBB']);
  });

  it('may lie before the start, and nothing is traded until then', async () => {
    const seen: number[] = [];
    const result = await play({
      bars: { [A]: flat(6) },
      indicators: third,
      decide: (_, bar) => {
        seen.push(hours(bar.ts));
        return target(A, 1);
      },
      config: { from: T0 + 4 * HOUR },
    });
    expect(seen).toEqual([5, 6]);
    expect(told(result)).toEqual(['buy 100@100 taker h5']);
    expect([result.bars, result.curve.length]).toEqual([2, 2]);
  });

  it('that a strategy asks for lets it look, but not trade, before the start', async () => {
    const seen: number[] = [];
    const result = await play({
      bars: { [A]: flat(6) },
      strategy: defineStrategy({
        name: 'remembers',
        params: {},
        needs: ({ universe }) => bars(universe, '1h', { warmup: 2 }),
        decide: bar => {
          seen.push(hours(bar.ts));
          return target(A, 1);
        },
      }),
      config: { from: T0 + 3 * HOUR },
    });
    // Two bars of warm-up before h3: the ones that close at h2 and h3.
    expect(seen).toEqual([2, 3, 4, 5, 6]);
    expect(factsOf(result, 'IntentDenied').map(f => f.code)).toEqual(['before-start']);
    expect(told(result)).toEqual(['buy 100@100 taker h4']);
    expect(result.bars).toBe(3);
  });

  it('of a longer timeframe counts longer bars', async () => {
    const result = await play({
      bars: { [A]: flat(14) },
      strategy: defineStrategy({
        name: 'two-frames',
        params: {},
        needs: ({ universe, timeframe }) => [bars(universe, timeframe), bars(universe, '4h')],
        indicators: () => third,
        decide: bar => (bar.timeframe === '1h' ? target(A, 1) : undefined),
      }),
    });
    // The third bar of four hours closes at h12, after the hour that closes then.
    expect(told(result)).toEqual(['buy 100@100 taker h13']);
  });
});

describe('an indicator', () => {
  it('of several outputs is seen by their names, for each symbol from its own bars', async () => {
    const span = record('span', 1, ['low', 'high', 'count'], () => {
      let count = 0;
      return (bar, out, offset) => {
        out[offset] = bar.low;
        out[offset + 1] = bar.high;
        out[offset + 2] = ++count;
      };
    });
    const seen: unknown[] = [];
    await play({
      bars: { [A]: [[5, 9, 4, 6], null, [6, 8, 3, 7]], [B]: flat(3, 50) },
      strategy: defineStrategy({
        name: 'spans',
        params: {},
        indicators: () => ({ span, close: scalar('close', 1, () => bar => bar.close) }),
        decide: (bar, { span: s, close }) => {
          seen.push([bar.symbol.slice(0, 1), s.low, s.high, s.count, close]);
        },
      }),
    });
    expect(seen).toEqual([
      ['A', 4, 9, 1, 6],
      ['B', 50, 50, 1, 50],
      ['B', 50, 50, 2, 50],
      ['A', 3, 8, 2, 7],
      ['B', 50, 50, 3, 50],
    ]);
  });
});

describe('membership of the universe', () => {
  it('keeps out what is not listed, shows who is, and lets a position in what left be closed', async () => {
    const universes: string[] = [];
    const result = await play({
      bars: { [A]: flat(7), [B]: flat(7, 50) },
      universe: [
        [B, T0 + 1 * HOUR, 0],
        [B, T0 + 3 * HOUR, 1],
        [A, T0 + 4 * HOUR, 0],
      ],
      decide: (i, { symbol }, { universe }) => {
        if (symbol === A) universes.push(universe.map(s => s.slice(0, 1)).join(''));
        return target(symbol, symbol === A && i >= 4 ? 0 : 0.5);
      },
    });
    expect(universes).toEqual(['A', 'A', 'AB', 'B', 'B', 'B', 'B']);
    expect(told(result)).toEqual(['buy 50@100 taker h1', 'buy 100@50 taker h3 BBB', 'sell 50@100 taker h5']);
    expect(result.refusals).toEqual({ 'not-listed': 1 });
  });

  it('refuses tickets too, unless they can only reduce', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      universe: [[A, T0 + 2 * HOUR, 0]],
      decide: i =>
        i === 0
          ? order({ symbol: A, side: 'buy', quantity: 4 })
          : i === 2
            ? [order({ symbol: A, side: 'sell', quantity: 1 }), order({ symbol: A, side: 'sell', quantity: 3, reduceOnly: true })]
            : undefined,
    });
    expect(told(result)).toEqual(['buy 4@100 taker h1', 'sell 3@100 taker h3']);
    expect(result.refusals).toEqual({ 'not-listed': 1 });
  });

  it('says which members have no bar in a slice', async () => {
    const missing: string[] = [];
    await play({
      bars: { [A]: flat(4), [B]: [still(1), null, null, still(1)] },
      universe: [[B, T0 + 3 * HOUR, 0]],
      strategy: defineStrategy({
        name: 'slices',
        params: {},
        decideSlice: slice => {
          missing.push(slice.missing.map(s => s.slice(0, 1)).join('') || '-');
        },
      }),
    });
    expect(missing).toEqual(['-', 'B', '-', '-']);
  });
});

describe('a longer timeframe', () => {
  const seen = async (rows: readonly BarRow[], timeframe: '4h' | '1w' = '4h', base: '1h' | '1d' = '1h') => {
    const long: unknown[] = [];
    await play({
      bars: { [A]: rows },
      timeframe: base,
      strategy: defineStrategy({
        name: 'long-bars',
        params: {},
        needs: ({ universe }) => [bars(universe, timeframe)],
        decide: (bar, _, { now }) => {
          const { openTime, open, high, low, close, volume } = bar;
          long.push([hours(openTime), hours(now), open, high, low, close, volume]);
        },
      }),
    });
    return long;
  };

  it('is built from the bars inside it and shown when it is complete', async () => {
    expect(
      await seen([
        [10, 12, 9, 11, 1],
        [11, 15, 10, 14, 2],
        [14, 14, 5, 6, 3],
        [6, 8, 6, 7, 4],
        [7, 7, 7, 7, 1],
      ]),
    ).toEqual([[0, 4, 10, 15, 5, 7, 10]]);
  });

  it('over a gap is made of what is there, and known no earlier than its own end and the next bar', async () => {
    // The hour from h3 is missing: the bar of h0 is known when the bar from h4 closes, at h5.
    const rows: BarRow[] = [
      [10, 12, 9, 11, 1],
      [11, 15, 10, 14, 2],
      [14, 14, 5, 6, 3],
      null,
      ...flat(4, 20).map(() => [20, 20, 20, 20, 1] as const),
    ];
    expect(await seen(rows)).toEqual([
      [0, 5, 10, 15, 5, 6, 6],
      [4, 8, 20, 20, 20, 20, 4],
    ]);
  });

  it('whose beginning is not in the data is left out', async () => {
    const rows: BarRow[] = [null, ...Array.from({ length: 7 }, () => [20, 20, 20, 20, 1] as const)];
    expect(await seen(rows)).toEqual([[4, 8, 20, 20, 20, 20, 4]]);
  });

  it('of a week begins on Monday', async () => {
    const rows: BarRow[] = Array.from({ length: 14 }, (_, i) => [i + 1, i + 1, i + 1, i + 1, 1] as const);
    expect(await seen(rows, '1w', '1d')).toEqual([
      [0, 168, 1, 7, 1, 7, 7],
      [168, 336, 8, 14, 8, 14, 7],
    ]);
  });

  it('fills at the prices of the run’s own bars', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(101), still(102), still(103), still(104), still(105)] },
      strategy: defineStrategy({
        name: 'long-bars',
        params: {},
        needs: ({ universe }) => [bars(universe, '4h')],
        decide: () => target(A, 1),
      }),
    });
    // Sized at the close of the hour before h4, 103; filled at the open of 104; marked every hour.
    expect(told(result)).toEqual(['buy 97@104 taker h4']);
    expect([...result.curve.equity]).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 10_097]);
  });
});

describe('bars of another timeframe in the same feed', () => {
  it('are no part of the run', async () => {
    const plain = { bars: { [A]: [still(100), still(101), still(102), still(103), still(104)] }, decide: (i: number) => target(A, i % 2) };
    const alone = await play(plain);
    const column = (x: number): Float64Array => Float64Array.of(x);
    const together = await play({
      ...plain,
      chunks: [{ kind: 'bars', symbol: A, timeframe: '4h', rows: 1, ts: column(T0), columns: [1, 900, 1, 900, 1].map(column) }],
    });
    expect(told(together)).toEqual(told(alone));
    expect([...together.curve.equity]).toEqual([...alone.curve.equity]);
  });
});
