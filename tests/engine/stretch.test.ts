import { delay, filter, map, merge, mergeMap, take, timer, withLatestFrom, type Observable } from 'rxjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sma } from '../../src/features/trend/sma.js';
import { random } from '../../src/random.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import { backtest } from '../../src/sim/backtest.js';
import { bracket, execute } from '../../src/strategies/execution-intent.js';
import { cancel, order, target, type Intent } from '../../src/strategies/intent.js';
import { defineStrategy, type Context, type Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { A, NO_RISK, stage, T0, type BarRow } from './scenario.js';

interface Case {
  readonly seed: number;
  /** Share of bars on which the strategy wants something new. */
  readonly chance: number;
  /** What it listens to besides bars. */
  readonly hears: 'bars' | 'slices' | 'slices later' | 'facts' | 'time';
  readonly form: 'decide' | 'decideSlice' | 'run';
  readonly config: Partial<RunConfig>;
}

const ROWS = 240;

const history = (seed: number): BarRow[] => {
  const draw = random(`stretch/${seed}`);
  let price = 1000;
  return Array.from({ length: ROWS }, () => {
    const open = price;
    price = Math.max(50, Math.round(price * (1 + 0.02 * draw.normal())));
    if (draw.next() < 0.02) return null;
    return [
      open,
      Math.max(open, price) + draw.int(9),
      Math.min(open, price) - draw.int(9),
      price,
      Math.floor(3000 * draw.next() * draw.next() * draw.next()),
    ];
  });
};

/** Everything that a strategy may say about one bar. */
const said = (draw: () => number, chance: number, close: number, context: Context): Intent[] => {
  if (draw() >= chance) return [target(A, 0.5, { reason: 'as ever' })];
  const pick = Math.floor(draw() * 10);
  if (pick === 0) context.note(`equity ${context.equity}`);
  if (pick === 1) context.plot('held', context.position(A).quantity);
  if (pick === 2) return [order({ symbol: A, side: 'buy', quantity: 2, limit: close - 9, id: 'l', reason: 'limit' })];
  if (pick === 3) return [cancel('l', { reason: 'cancel' })];
  if (pick === 4)
    return [bracket({ symbol: A, side: 'buy', quantity: 1, stop: close - 30, target: close + 30, id: 'b', reason: 'bracket' })];
  // Sized by what was traded at this time of day on the days before.
  if (pick === 5)
    return [execute({ algorithm: 'vwap', symbol: A, side: 'buy', quantity: 24, duration: 5 * HOUR, slices: 5, id: 'e', reason: 'work' })];
  return [target(A, Math.round(4 * draw() - 2) / 2, { reason: 'new' }), target(A, 0.5, { reason: 'again' })].slice(0, pick > 7 ? 2 : 1);
};

const indicators = () => ({ fast: sma(3), slow: sma(5) });

const strategyOf = ({ seed, chance, hears, form }: Case): Strategy => {
  const { next } = random(`stretch/strategy/${seed}`);
  const name = 'busy';
  if (form === 'decide')
    return defineStrategy({
      name,
      params: {},
      indicators,
      decide: (bar, { fast, slow }, context) => said(next, fast > slow ? chance : chance / 2, bar.close, context),
    });
  if (form === 'decideSlice')
    return defineStrategy({
      name,
      params: {},
      indicators,
      decideSlice: ({ bars }, of, context) => {
        const { fast, slow } = of(A);
        return said(next, fast > slow ? chance : chance / 2, bars.get(A)!.close, context);
      },
    });
  return defineStrategy({
    name,
    params: {},
    indicators,
    run: ({ bars$, slices$, orders$, account$, scheduler, context }) => {
      const own = bars$.pipe(
        mergeMap(({ bar, indicators: { fast, slow } }) => said(next, fast > slow ? chance : chance / 2, bar.close, context)),
      );
      const slice$ = slices$.pipe(
        map(({ bars, missing }) => target(A, bars.has(A) && missing.length === 0 ? -0.5 : 2, { reason: 'slice' })),
      );
      const more: Record<Case['hears'], Observable<Intent>> = {
        bars: bars$.pipe(
          filter(() => next() < 0.01),
          map(() => target(A, 0, { reason: 'twice' })),
        ),
        slices: slice$.pipe(filter(() => next() < 0.1)),
        'slices later': bars$.pipe(
          filter(({ bar }) => bar.ts >= T0 + 90 * HOUR),
          take(1),
          mergeMap(() => slice$.pipe(take(2))),
        ),
        facts: merge(orders$, account$).pipe(
          withLatestFrom(bars$),
          filter(([{ type }]) => type === 'RiskStateChanged' || type === 'FundingSettled' || (type === 'OrderFilled' && next() < 0.3)),
          map(([{ ts }, { bar }]) => {
            context.plot('fact', ts);
            return target(A, bar.close % 3 === 0 ? 0 : 0.5, { reason: 'fact' });
          }),
        ),
        time: merge(
          timer(20.5 * HOUR, 33 * HOUR, scheduler),
          bars$.pipe(
            filter(() => next() < 0.1),
            delay(2.5 * HOUR, scheduler),
          ),
        ).pipe(map((_, n) => target(A, n % 2 === 0 ? 1 : 0, { reason: 'time' }))),
      };
      return merge(own, more[hears]);
    },
  });
};

const anyCase: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(1_000_000),
  chance: fc.constantFrom(0.01, 0.1, 0.5),
  hears: fc.constantFrom<Case['hears'][]>('bars', 'slices', 'slices later', 'facts', 'time'),
  form: fc.constantFrom<Case['form'][]>('run', 'run', 'run', 'decide', 'decideSlice'),
  config: fc.constantFrom<Partial<RunConfig>[]>(
    {},
    { latency: { kind: 'constant', order: 500, cancel: 100, report: 200 } },
    { latency: { kind: 'constant', order: 500, cancel: 100, report: 2 * HOUR } },
    { risk: { ...NO_RISK, maxDrawdown: 0.03 } },
    { rebalanceBand: 0.05, from: T0 + 30.5 * HOUR },
    { fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: 0.1 } },
  ),
});

describe('a stretch of bars without events', () => {
  it('leaves everything as it is when each bar is played by itself, whatever the strategy says and listens to', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async each => {
        const { chunks, config, instruments } = stage({
          bars: { [A]: history(each.seed) },
          funding: Array.from({ length: ROWS / 8 }, (_, k) => [A, T0 + (8 * k + (k % 5 === 0 ? 0.5 : 0)) * HOUR, (k % 3) * 1e-4] as const),
          config: each.config,
        });
        const run = (observe?: () => void) =>
          backtest({
            strategy: strategyOf(each),
            params: {},
            bundle: 'test',
            config,
            instruments,
            feed: memoryFeed(chunks),
            ...(observe && { observe }),
          }).catch(String);
        // Whoever observes every bar is shown every bar.
        expect(await run()).toEqual(await run(() => {}));
      }),
      { numRuns: 150 },
    );
  });
});
