import fc from 'fast-check';
import { of } from 'rxjs';
import { map, mergeMap } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { RunFold } from '../../src/engine/run-fold.js';
import type { Chunk } from '../../src/events/market.js';
import { FactStream } from '../../src/events/stream.js';
import { featureColumns } from '../../src/engine/bar-line.js';
import { scalar } from '../../src/features/feature.js';
import { sma } from '../../src/features/trend/sma.js';
import { verifyCausality } from '../../src/sim/verify-causality.js';
import { BUILT_IN } from '../../src/strategies/built-in.js';
import { target } from '../../src/strategies/intent.js';
import { resolveParams } from '../../src/strategies/params.js';
import { bars, defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { timeframeMs } from '../../src/market/timeframe.js';
import { HOUR } from '../../src/time.js';
import { busyStrategy } from '../arbitraries/busy-strategy.js';
import { anyMarket, smallMarket, type SmallMarket } from '../arbitraries/market.js';
import { run } from '../arbitraries/run.js';
import { note } from '../events/note.js';

const RUNS = { numRuns: 40, seed: 11 };

describe('law 1, order', () => {
  it('delivers facts in order of the time at which they are known, and each after its cause', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket(), async market => {
        const { facts } = await run(market, busyStrategy);
        let known = -Infinity;
        const disorder = facts.filter((fact, i) => {
          const wrong = fact.seq !== i || fact.causationId >= fact.seq || fact.knownAt < known || fact.knownAt < fact.ts;
          known = fact.knownAt;
          return wrong;
        });
        expect(disorder).toEqual([]);
      }),
      RUNS,
    );
  });

  it('delivers breadth-first: what follows from a fact waits until everyone has seen that fact', () => {
    const stream = new FactStream();
    const seen: string[] = [];
    stream.handle(fact => {
      seen.push(`first:${fact.seq}`);
      if (fact.seq === 0) {
        stream.publish(note(stream, 'a'));
        stream.publish(note(stream, 'b'));
      }
      if (fact.seq === 1) stream.publish(note(stream, 'c'));
    });
    stream.facts$.subscribe(fact => seen.push(`second:${fact.seq}`));
    stream.publish(note(stream, 'root'));
    expect(seen).toEqual([0, 1, 2, 3].flatMap(seq => [`first:${seq}`, `second:${seq}`]));
  });

  it('gives the same run whatever the order and the cut of the chunks that bring the data', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyMarket(),
        fc.array(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { maxLength: 4 }),
        async (market, places) => {
          const whole = await run(market, busyStrategy);
          const start = market.chunks[0]?.ts[0] ?? 0;
          const cutAt = places.map(p => start + Math.round((market.config.to - start) * p)).sort((a, b) => a - b);
          const limits = [...cutAt, Infinity];
          const cut = (k: number): Chunk[] =>
            market.chunks.map(c => between(c, limits[k - 1] ?? -Infinity, Math.min(limits[k] ?? 0, market.config.to)));
          const slabs = limits.map((to, k) => ({ to, chunks: cut(k).reverse() }));
          const { inputs } = memoryFeed(market.chunks, { from: -Infinity, to: market.config.to });
          const inSlabs = await run(market, busyStrategy, {}, { inputs, slabs$: of(...slabs) });
          expect(inSlabs.fingerprint).toBe(whole.fingerprint);
          expect(inSlabs.curve.equity).toEqual(whole.curve.equity);
        },
      ),
      RUNS,
    );
  });

  it('closes a slice when every bar of the instant is out, naming who is missing', async () => {
    const market = smallMarket(3, 80, 3);
    const holed = market.chunks.map(c => (c.kind === 'bars' && c.symbol.startsWith('B') ? between(c, -Infinity, (c.ts[50] ?? 0) + 1) : c));
    const slices: { present: string[]; missing: readonly string[] }[] = [];
    const strategy = defineStrategy({
      name: 'slices',
      params: {},
      decideSlice: slice => {
        slices.push({ present: [...slice.bars.keys()], missing: slice.missing });
      },
    });
    await run({ ...market, chunks: holed }, strategy);
    expect(slices[0]?.present).toEqual(['A/USDT:USDT', 'B/USDT:USDT', 'C/USDT:USDT']);
    expect(slices.at(-1)).toEqual({ present: ['A/USDT:USDT', 'C/USDT:USDT'], missing: ['B/USDT:USDT'] });
  });
});

const between = (chunk: Chunk, from: number, to: number): Chunk => {
  const rows: number[] = [];
  for (let i = 0; i < chunk.rows; i++) if ((chunk.ts[i] ?? 0) >= from && (chunk.ts[i] ?? 0) < to) rows.push(i);
  const take = (column: Float64Array): Float64Array => Float64Array.from(rows, i => column[i] ?? NaN);
  return { ...chunk, rows: rows.length, ts: take(chunk.ts), columns: chunk.columns.map(take) };
};

describe('law 2, time', () => {
  it('never fills an order inside the bar at whose close it was decided', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket({ latency: { kind: 'constant', order: 0, cancel: 0, report: 0 } }), async market => {
        const { facts } = await run(market, busyStrategy);
        const approved = new Map<string, number>();
        for (const fact of facts) {
          if (fact.type === 'OrderApproved') approved.set(fact.ticket.orderId, fact.ts);
          // A liquidation is decided by the venue.
          if (fact.type === 'OrderFilled' && !fact.orderId.startsWith('liquidation-')) {
            const decided = approved.get(fact.orderId) ?? Infinity;
            expect(fact.ts).toBeGreaterThanOrEqual(decided);
            const bar = market.chunks.find(c => c.kind === 'bars' && c.symbol === fact.symbol);
            // With no latency a market order decided at a close meets the next open: the next bar's, never this one's.
            const openTimes = bar?.ts ?? new Float64Array();
            expect(openTimes.some(t => t >= decided && t <= fact.ts)).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  it('shows a bar of a higher timeframe only once it is complete', async () => {
    const market = smallMarket(5, 60, 1);
    const seen: { now: number; open: number; close: number; frame: string }[] = [];
    const strategy = defineStrategy({
      name: 'two-frames',
      params: {},
      needs: ({ universe, timeframe }) => [bars(universe, timeframe), bars(universe, '4h')],
      decide: (bar, _, { now }) => {
        seen.push({ now, open: bar.openTime, close: bar.ts, frame: bar.timeframe });
      },
    });
    await run(market, strategy);
    const long = seen.filter(s => s.frame === '4h');
    expect(long.length).toBeGreaterThan(5);
    for (const bar of seen) expect(bar.now).toBe(bar.close);
    for (const bar of long) expect(bar.close - bar.open).toBe(4 * HOUR);
    // The short one of the same instant comes first.
    const at = long[0]?.now;
    expect(seen.filter(s => s.now === at).map(s => s.frame)).toEqual(['1h', '4h']);
  });

  it('tells no time but market time: a stream timer fires by the clock of the data', async () => {
    const { delay } = await import('rxjs/operators');
    const market = smallMarket(6, 60, 1);
    const fired: number[] = [];
    const strategy = defineStrategy({
      name: 'delayed',
      params: {},
      run: ({ bars$, scheduler, context }) =>
        bars$.pipe(
          delay(90 * 60_000, scheduler),
          map(({ bar }) => {
            fired.push(context.now - bar.ts);
            return target(bar.symbol, fired.length % 7 === 0 ? 0.5 : 0);
          }),
        ),
    });
    const { fills } = await run(market, strategy);
    expect(fired.length).toBeGreaterThan(10);
    expect(new Set(fired)).toEqual(new Set([90 * 60_000]));
    expect(fills.length).toBeGreaterThan(2);
  });

  it('stops a strategy that emits outside its turn, by name', async () => {
    const market = smallMarket(7, 400, 1);
    const strategy = defineStrategy({
      name: 'promising',
      params: {},
      run: ({ bars$ }) => bars$.pipe(mergeMap(({ bar }) => Promise.resolve(target(bar.symbol, 1)))),
    });
    // Slabs make the engine wait in between, so that the promises resolve while it runs.
    const { inputs } = memoryFeed(market.chunks, { from: -Infinity, to: market.config.to });
    const slabs$ = of(0.5, 1).pipe(
      mergeMap(async (part, k) => {
        const at = (p: number): number => (p === 1 ? Infinity : (market.chunks[0]?.ts[200] ?? 0));
        await new Promise(resolve => setImmediate(resolve));
        return { to: at(part), chunks: market.chunks.map(c => between(c, k === 0 ? -Infinity : at(0.5), at(part))) };
      }, 1),
    );
    await expect(run(market, strategy, {}, { inputs, slabs$ })).rejects.toThrow(/promising emitted an intent outside its turn/);
  });
});

/** Strategies that know their future, each in its own way; `data` is what the run reads. */
const planted: Record<string, (data: readonly Chunk[]) => Strategy> = {
  'peeks one bar ahead through a shared array': data => {
    const series = data.find(c => c.kind === 'bars');
    return defineStrategy({
      name: 'peek',
      params: {},
      decide: bar => {
        const closes = series?.columns[3] ?? new Float64Array();
        const next = series?.ts.findIndex(t => t === bar.ts) ?? -1;
        return next < 0 ? undefined : target(bar.symbol, (closes[next] ?? 0) > bar.close ? 1 : -1);
      },
    });
  },
  'uses a scaler fitted on all data': data => {
    const closes = data.find(c => c.kind === 'bars')?.columns[3] ?? new Float64Array();
    const mean = closes.reduce((a, b) => a + b, 0) / closes.length;
    const deviation = Math.sqrt(closes.reduce((a, b) => a + (b - mean) * (b - mean), 0) / closes.length);
    return defineStrategy({
      name: 'scaler',
      params: {},
      indicators: () => ({ z: scalar('z-all', 1, () => bar => (bar.close - mean) / deviation) }),
      decide: (bar, { z }) => target(bar.symbol, z > 0 ? -1 : 1),
    });
  },
  'uses a resampled bar before it closes': data => {
    const series = data.find(c => c.kind === 'bars');
    const lastOfFour = (openTime: number): number => {
      const i = series?.ts.findIndex(t => t === openTime - (openTime % (4 * HOUR)) + 3 * HOUR) ?? -1;
      return series?.columns[3]?.[i] ?? NaN;
    };
    return defineStrategy({
      name: 'early-resample',
      params: {},
      indicators: () => ({ close4h: scalar('close-4h', 1, () => bar => lastOfFour(bar.openTime)) }),
      decide: (bar, { close4h }) => target(bar.symbol, close4h > bar.close ? 1 : 0),
    });
  },
};

const causality = (market: SmallMarket, strategyOn: (data: readonly Chunk[]) => Strategy, params = {}) =>
  verifyCausality({
    strategyOn,
    params: resolveParams(strategyOn(market.chunks).params, params),
    config: market.config,
    instruments: market.instruments,
    chunks: market.chunks,
  });

/** Four quotes a bar, a tenth of a per mille about a straight line from its open to its close. */
const quotesAlong = (chunks: readonly Chunk[]): Chunk[] =>
  chunks
    .filter(({ kind }) => kind === 'bars')
    .map(({ symbol, timeframe, rows, ts, columns }) => {
      const length = timeframeMs(timeframe ?? '');
      const at = Array.from({ length: rows * 4 }, (_, i) => ({ row: i >> 2, part: (i & 3) / 4 }));
      const mid = at.map(({ row, part }) => columns[0]![row]! * (1 - part) + columns[3]![row]! * part);
      const size = new Float64Array(rows * 4).fill(5);
      return {
        kind: 'quotes' as const,
        symbol,
        rows: rows * 4,
        ts: Float64Array.from(at, ({ row, part }) => ts[row]! + part * length),
        columns: [Float64Array.from(mid, m => m * 0.9999), size, Float64Array.from(mid, m => m * 1.0001), size],
      };
    });

describe('law 3, causality', () => {
  const SHORT = {
    lookback: 24,
    volatilityWindow: 24,
    rebalance: 3,
    channel: 10,
    settlements: 3,
    horizon: 4,
    trees: 10,
    retrain: 100,
    history: 500,
  };
  for (const [name, load] of Object.entries(BUILT_IN))
    it(`holds for ${name}`, async () => {
      const { default: strategy } = await load();
      const params = Object.fromEntries(Object.entries(SHORT).filter(([key]) => key in strategy.params));
      // Models are trained once features have warmed up.
      const made = smallMarket(21, strategy.forecasts ? 1100 : 400, 3);
      // Who makes a market needs one to look at.
      const market = name === 'market-maker' ? { ...made, chunks: [...made.chunks, ...quotesAlong(made.chunks)] } : made;
      const verdict = await causality(market, () => strategy, params);
      expect(verdict.leaks).toEqual([]);
      expect(verdict.compared).toBeGreaterThan(10);
    });

  it('holds for a strategy that does a bit of everything', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket(), async market => {
        expect((await causality(market, () => busyStrategy)).leaks).toEqual([]);
      }),
      { numRuns: 8, seed: 3 },
    );
  });

  for (const [name, strategyOn] of Object.entries(planted))
    it(`catches a strategy that ${name}`, async () => {
      const verdict = await causality(smallMarket(22, 300, 1), strategyOn);
      expect(verdict.ok).toBe(false);
      expect(verdict.leaks[0]?.what).toMatch(/was .* and is /);
    });

  it('catches a strategy that remembers an earlier run', async () => {
    let runs = 0;
    const strategy = defineStrategy({
      name: 'stateful',
      params: {},
      memory: () => ({ run: ++runs }),
      decide: (bar, _, { memory }) => target(bar.symbol, (bar.openTime / HOUR + memory.run) % 2 === 0 ? 1 : 0),
    });
    expect((await causality(smallMarket(23, 100, 1), () => strategy)).ok).toBe(false);
  });
});

describe('law 4, determinism', () => {
  it('gives one fingerprint for one code, configuration, data and seed, and another for another seed', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket(), async market => {
        const first = await run(market, busyStrategy);
        const again = await run(market, busyStrategy);
        expect(again.fingerprint).toBe(first.fingerprint);
        const other = await run({ ...market, config: { ...market.config, seed: market.config.seed + 1 } }, busyStrategy);
        expect(other.fingerprint).not.toBe(first.fingerprint);
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it('gives one fingerprint for the same idea as decide and as run', async () => {
    const decided = defineStrategy({
      name: 'same-idea',
      params: {},
      indicators: () => ({ mean: sma(8) }),
      decide: (bar, { mean }) => target(bar.symbol, bar.close > mean ? 0.5 : -0.5, { reason: 'mean' }),
    });
    const streamed = defineStrategy({
      name: 'same-idea',
      params: {},
      indicators: () => ({ mean: sma(8) }),
      run: ({ bars$ }) =>
        bars$.pipe(map(({ bar, indicators: { mean } }) => target(bar.symbol, bar.close > mean ? 0.5 : -0.5, { reason: 'mean' }))),
    });
    await fc.assert(
      fc.asyncProperty(anyMarket(), async market => {
        const a = await run(market, decided);
        expect(a.fills.length).toBeGreaterThan(0);
        expect((await run(market, streamed)).fingerprint).toBe(a.fingerprint);
      }),
      { numRuns: 15, seed: 6 },
    );
  });
});

describe('law 5, replay', () => {
  it('folds any prefix of the journal to the state that the run had there', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket(), fc.double({ min: 0, max: 1, noNaN: true }), async (market, part) => {
        const { facts, fills, finalEquity, curve } = await run(market, busyStrategy);
        const whole = new RunFold(market.instruments, market.config.capital);
        facts.forEach(fact => whole.apply(fact));
        expect(whole.fills).toEqual(fills);
        const last = Float64Array.from(
          market.instruments,
          i => market.chunks.find(c => c.kind === 'bars' && c.symbol === i.symbol)?.columns[3]?.at(-1) ?? NaN,
        );
        expect(whole.account.equity(last)).toBe(finalEquity);
        expect(curve.equity.at(-1)).toBe(finalEquity);
        const until = facts[Math.floor(part * (facts.length - 1))]?.seq ?? 0;
        const half = new RunFold(market.instruments, market.config.capital);
        for (const fact of facts) if (fact.seq <= until) half.apply(fact);
        const rest = facts.filter(f => f.seq > until);
        rest.forEach(fact => half.apply(fact));
        expect(half.account.cash).toBe(whole.account.cash);
        expect(half.ledger.totals()).toEqual(whole.ledger.totals());
        const bare = new RunFold(market.instruments, market.config.capital, { keepsLists: false });
        facts.forEach(fact => bare.apply(fact));
        expect([bare.fills, bare.funding, bare.liquidations, bare.ledger.postings]).toEqual([[], [], [], []]);
        expect(bare.account.cash).toBe(whole.account.cash);
        expect(bare.ledger.totals()).toEqual(whole.ledger.totals());
      }),
      { numRuns: 25, seed: 8 },
    );
  });
});

describe('law 6, conservation', () => {
  it('explains every cent of cash by a posting, and ends every order exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket(), async market => {
        const { facts } = await run(market, busyStrategy);
        const fold = new RunFold(market.instruments, market.config.capital);
        facts.forEach(fact => fold.apply(fact));
        const { ledger, account } = fold;
        expect(ledger.balance('cash')).toBe(account.cash);
        const sum = (['capital', 'cash', 'trading', 'fees', 'funding'] as const).reduce((total, name) => total + ledger.balance(name), 0);
        expect(sum).toBe(0);
        const lots = new Map<string, number>();
        const ended = new Map<string, number>();
        for (const fact of facts) {
          if (fact.type === 'OrderApproved') lots.set(fact.ticket.orderId, fact.ticket.lots);
          if (fact.type === 'OrderFilled') {
            if (!lots.has(fact.orderId)) {
              // The venue's own orders, and no others, are filled without an approval.
              expect(fact.orderId).toMatch(/^liquidation-/);
              continue;
            }
            const left = (lots.get(fact.orderId) ?? 0) - fact.lots;
            expect(left).toBeGreaterThanOrEqual(0);
            lots.set(fact.orderId, left);
            if (left === 0) ended.set(fact.orderId, (ended.get(fact.orderId) ?? 0) + 1);
          }
          if (fact.type === 'OrderRejected' || fact.type === 'OrderExpired' || fact.type === 'OrderCancelled')
            ended.set(fact.orderId, (ended.get(fact.orderId) ?? 0) + 1);
        }
        for (const count of ended.values()) expect(count).toBe(1);
      }),
      RUNS,
    );
  });
});

describe('law 7, batch equals stream', () => {
  it('computes a column by the fold that a single bar goes through, across any cut of the data', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket(), async market => {
        const chunk = market.chunks[0] as Chunk;
        const feature = sma(7);
        const column = featureColumns(feature, chunk);
        const live: number[] = [];
        const strategy = defineStrategy({
          name: 'observer',
          params: {},
          needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 1000 }),
          indicators: () => ({ value: feature }),
          decide: (bar, { value }) => {
            if (bar.symbol === chunk.symbol) live.push(value);
          },
        });
        const limits = [chunk.ts[10] ?? 0, chunk.ts[33] ?? 0, Infinity];
        const slabs = limits.map((to, k) => ({ to, chunks: market.chunks.map(c => between(c, limits[k - 1] ?? -Infinity, to)) }));
        const { inputs } = memoryFeed(market.chunks, { from: -Infinity, to: market.config.to });
        await run(market, strategy, {}, { inputs, slabs$: of(...slabs) });
        expect(live).toEqual([...column]);
      }),
      { numRuns: 15, seed: 9 },
    );
  });
});
