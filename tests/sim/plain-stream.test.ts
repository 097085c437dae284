import fc from 'fast-check';
import { filter, map, merge, mergeMap, pairwise, scan, skip, switchMap, take, timer, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { sma } from '../../src/features/trend/sma.js';
import { random } from '../../src/random.js';
import { backtest, type BacktestSpec } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { order, target, type Intent } from '../../src/strategies/intent.js';
import { bars, defineStrategy, type RunStreams, type Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { perpetual } from '../engine/scenario.js';

const SYMBOL = 'BTC/USDT:USDT';
const ROWS = 400;

interface Values {
  readonly fast: number;
  readonly slow: number;
}
type Streams = RunStreams<unknown, Values>;

const market = (seed: number): Chunk[] => {
  const draw = random(`plain-stream/${seed}`);
  const prices: number[] = [40_000];
  for (let i = 0; i < ROWS; i++) prices.push(Math.round(prices[i]! * (1 + 0.008 * draw.normal())));
  const column = (of: (i: number) => number, rows = ROWS): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
  return [
    {
      kind: 'funding',
      symbol: SYMBOL,
      rows: 45,
      ts: column(i => 8 * (i + 1) * HOUR, 45),
      columns: [column(() => 1e-4 * draw.normal(), 45), column(() => 8 * HOUR, 45)],
    },
    {
      kind: 'bars',
      symbol: SYMBOL,
      timeframe: '1h',
      rows: ROWS,
      ts: column(i => i * HOUR),
      columns: [
        column(i => prices[i]!),
        column(i => Math.max(prices[i]!, prices[i + 1]!) + draw.int(40)),
        column(i => Math.min(prices[i]!, prices[i + 1]!) - draw.int(40)),
        column(i => prices[i + 1]!),
        column(() => 1e6),
      ],
    },
  ];
};

const specOf = (strategy: Strategy, chunks: readonly Chunk[], config: Partial<RunConfig> = {}): BacktestSpec => ({
  strategy,
  params: {},
  bundle: 'test',
  config: runConfig({ exchange: 'bybit', from: 0, to: ROWS * HOUR, symbols: [SYMBOL], timeframe: '1h', ...config }),
  instruments: [perpetual(SYMBOL, { lotSize: 0.001, minNotional: 5, maintenanceMarginRate: 0.005 })],
  feed: memoryFeed(chunks),
});

/** Lists that are made when they are read are those of a run that `plainRun` played. */
const isPlain = (result: object): boolean => Object.getOwnPropertyDescriptor(result, 'facts')?.get !== undefined;

const streaming = (run: (streams: Streams, next: () => number) => Observable<Intent>, seed = 0): Strategy =>
  defineStrategy({
    name: 'streaming',
    params: {},
    needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 3 }),
    indicators: () => ({ fast: sma(3), slow: sma(8) }),
    run: streams => run(streams, random(`plain-stream/strategy/${seed}`).next),
  });

const crossing = ({ bars$ }: Streams): Observable<Intent> =>
  bars$.pipe(map(({ bar, indicators: { fast, slow } }) => target(bar.symbol, fast > slow ? 1 : 0, { reason: 'fast against slow' })));

/** Ways of making intents of bars alone. */
const FORMS: Readonly<Record<string, (streams: Streams, next: () => number) => Observable<Intent>>> = {
  crossing,
  edges: ({ bars$, context }) =>
    bars$.pipe(
      // Rows are kept from bar to bar.
      pairwise(),
      filter(([{ indicators: a }, { indicators: b }]) => a.fast > a.slow !== b.fast > b.slow),
      map(([, { bar, indicators }]) => {
        context.note(`at ${bar.close}, ${context.position(SYMBOL).quantity} held, rate ${context.funding(SYMBOL)?.rate}`);
        context.plot('fast', indicators.fast);
        return target(SYMBOL, indicators.fast > indicators.slow ? 0.8 : -0.8, { reason: `at ${bar.ts}` });
      }),
    ),
  fickle: ({ bars$, context, scheduler }, next) =>
    bars$.pipe(
      // Until it is warm, a target would be refused.
      skip(10),
      scan((wanted, { bar }) => (next() < 0.3 ? [0, 0.5, -0.5, 1][Math.floor(next() * 4)]! + (bar.close % 2 === 0 ? 0 : 0.1) : wanted), 0),
      map(exposure => target(SYMBOL, exposure, { reason: `${scheduler.now()} ${context.now} ${context.equity} ${context.random()}` })),
    ),
  twice: ({ bars$ }, next) => {
    const calm$ = bars$.pipe(map(({ indicators: { fast, slow } }) => target(SYMBOL, fast > slow ? 0.5 : 0, { reason: 'first' })));
    return merge(calm$, calm$.pipe(filter(() => next() < 0.2))).pipe(map((each, i) => ({ ...each, reason: `${each.reason} ${i}` })));
  },
  brief: ({ bars$ }) => crossing({ bars$ } as Streams).pipe(take(60)),
};

/** Ways that need more than bars, now and then. */
const ODD: Readonly<Record<string, (streams: Streams, next: () => number) => Observable<Intent>>> = {
  'another target on the same bar': ({ bars$ }) =>
    bars$.pipe(
      mergeMap(({ bar }, i) => [
        target(SYMBOL, 0.5, { reason: 'a' }),
        ...(i % 50 === 49 ? [target(SYMBOL, bar.close % 3 === 0 ? 0 : 0.2)] : []),
      ]),
    ),
  'a promise that ends after its bar': ({ bars$, context }) =>
    merge(
      crossing({ bars$ } as Streams),
      bars$.pipe(
        filter((_, i) => i % 90 === 89),
        mergeMap(async () => context.note('late')),
        mergeMap(() => []),
      ),
    ),
  'a note after a target': ({ bars$, context }) =>
    merge(
      crossing({ bars$ } as Streams),
      bars$.pipe(
        filter((_, i) => i % 90 === 89),
        mergeMap(() => {
          context.note('late');
          return [];
        }),
      ),
    ),
  'a note before the first bar': ({ bars$, context }) => {
    context.note('early');
    return crossing({ bars$ } as Streams);
  },
  'its orders': ({ bars$, orders$ }) =>
    merge(
      crossing({ bars$ } as Streams),
      orders$.pipe(
        filter(({ type }, i) => type === 'OrderFilled' && i % 7 === 0),
        map(() => target(SYMBOL, -0.3, { reason: 'filled' })),
      ),
    ),
  'its orders, from some bar on': ({ bars$, orders$ }) =>
    bars$.pipe(
      filter((_, i) => i === 100),
      switchMap(() => merge(crossing({ bars$ } as Streams), orders$.pipe(mergeMap(() => [])))),
    ),
  'its account': ({ bars$, account$ }) =>
    merge(crossing({ bars$ } as Streams), account$.pipe(map(({ ts }) => target(SYMBOL, ts % 3 === 0 ? 0 : 0.7, { reason: 'paid' })))),
  'settled rates': ({ bars$, funding$ }) =>
    merge(crossing({ bars$ } as Streams), funding$.pipe(map(({ rate }) => target(SYMBOL, rate > 0 ? 0 : 0.7, { reason: 'rate' })))),
  slices: ({ slices$ }) => slices$.pipe(map(({ ts }) => target(SYMBOL, ts % (5 * HOUR) === 0 ? 1 : 0, { reason: 'slice' }))),
  time: ({ bars$, scheduler }) =>
    merge(crossing({ bars$ } as Streams), timer(40.5 * HOUR, scheduler).pipe(map(() => target(SYMBOL, 0.3, { reason: 'time' })))),
  'an order': ({ bars$ }) =>
    bars$.pipe(
      filter((_, i) => i % 99 === 98),
      map(() => order({ symbol: SYMBOL, side: 'buy', quantity: 0.5, reason: 'own' })),
    ),
  'an exposure that is none': ({ bars$ }) => bars$.pipe(map((_, i) => target(SYMBOL, i === 50 ? NaN : 0.5))),
};

const quick = { kind: 'constant', order: 100, cancel: 100, report: 50 } as const;
const anyConfig = fc.constantFrom<Partial<RunConfig>[]>(
  {},
  { atEnd: 'close' },
  { latency: { ...quick, order: 1_500_000 }, from: 30 * HOUR },
  { latency: { ...quick, report: 3_000_000 }, to: 300 * HOUR, atEnd: 'close' },
  { slippage: { kind: 'fixed-bps', bps: 3 } },
);

describe('a strategy of the run form in the plain lane', () => {
  it.each(Object.entries(FORMS))('has the very result of the engine: %s', async (_, form) => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), anyConfig, fc.boolean(), async (seed, config, keepFacts) => {
        const chunks = market(seed);
        const spec = { ...specOf(streaming(form, seed), chunks, config), keepFacts };
        const played = await backtest({ ...spec, chunks });
        if (isPlain(played)) plain++;
        expect(played).toEqual(await backtest(spec));
        expect(played.fills.length).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
    // Otherwise the engine would have been compared with itself.
    expect(plain).toBeGreaterThan(30);
  });

  it.each(Object.entries(ODD))('is left to the engine where it has to do with %s', async (_, form) => {
    for (let seed = 0; seed < 8; seed++) {
      const chunks = market(seed);
      const spec = specOf(streaming(form, seed), chunks);
      const played = await backtest({ ...spec, chunks });
      expect(isPlain(played)).toBe(false);
      expect(played).toEqual(await backtest(spec));
    }
  });

  it('has the fingerprint of the same idea in the decide form', async () => {
    const chunks = market(3);
    const decided = await backtest({
      ...specOf(smaCross, chunks),
      params: { fast: 3, slow: 8 },
      strategy: { ...smaCross, name: 'streaming' },
      chunks,
    });
    const streamed = await backtest({ ...specOf(streaming(crossing), chunks), chunks });
    expect(isPlain(decided) && isPlain(streamed)).toBe(true);
    expect(streamed.fingerprint).toBe(decided.fingerprint);
  });

  it.each<[string, (streams: Streams) => Observable<Intent>]>([
    [
      'throws on a bar',
      ({ bars$ }) =>
        bars$.pipe(
          map((_, i) => {
            if (i === 70) throw new RangeError('no more');
            return target(SYMBOL, 0.5);
          }),
        ),
    ],
    [
      'throws before the first bar',
      () => {
        throw new RangeError('no beginning');
      },
    ],
    [
      'names a symbol that is not in the run',
      ({ bars$, context }) => bars$.pipe(map(() => target(SYMBOL, context.position('X').quantity))),
    ],
    ['speaks from a promise', ({ bars$ }) => bars$.pipe(mergeMap(async ({ bar }) => target(SYMBOL, bar.close % 2)))],
    [
      'fails in a promise',
      ({ bars$ }) =>
        bars$.pipe(
          mergeMap(async () => {
            throw new RangeError('boom');
          }),
        ),
    ],
    ['speaks before the first bar', ({ bars$ }) => merge([target(SYMBOL, 1)], crossing({ bars$ } as Streams))],
  ])('fails as in the engine where it %s', async (_, form) => {
    const chunks = market(1);
    const spec = specOf(streaming(form), chunks);
    const failure = await backtest({ ...spec, chunks }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toEqual(await backtest(spec).catch((error: unknown) => error));
  });
});
