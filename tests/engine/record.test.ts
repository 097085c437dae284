import { interval, merge, timer } from 'rxjs';
import { debounceTime, filter, map, mergeMap, switchMap, take, tap } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { ClockScheduler } from '../../src/engine/clock-scheduler.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { backtest } from '../../src/sim/backtest.js';
import { order, target } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { A, B, FREE, T0, factsOf, play, stage, still, told, type BarRow } from './scenario.js';

const HOUR = 3_600_000;
const hours = (ts: number): number => (ts - T0) / HOUR;
const flat = (n: number, price = 100): BarRow[] => Array.from({ length: n }, () => still(price));

describe('the equity curve', () => {
  it('has one point for each instant with a bar inside the window, at last closes', async () => {
    const result = await play({
      bars: {
        [A]: [still(100), still(110), null, null, still(120), still(120)],
        [B]: [still(50), still(50), still(60), null, still(70), still(70)],
      },
      decide: (i, { symbol }) => (i === 0 ? target(symbol, symbol === A ? 0.55 : -0.5) : undefined),
      config: { from: T0, to: T0 + 5 * HOUR },
    });
    // 55 lots bought at 110, 100 sold at 50. No bar at h4; the one that closes at h6 is past the window.
    expect([...result.curve.ts].map(hours)).toEqual([1, 2, 3, 5]);
    expect([...result.curve.equity]).toEqual([10_000, 10_000, 9000, 8550]);
    expect([...result.curve.exposure]).toEqual([0, (6050 - 5000) / 10_000, (6050 - 6000) / 9000, (6600 - 7000) / 8550]);
    expect([...result.curve.gross]).toEqual([0, 11_050 / 10_000, 12_050 / 9000, 13_600 / 8550]);
    expect([result.bars, result.finalEquity]).toEqual([7, 8550]);
  });

  it('ends with everything closed as a taker at the last close, where that is asked for', async () => {
    const scenario = {
      bars: { [A]: [still(100), still(100), [100, 120, 100, 120]] as BarRow[], [B]: [still(50), still(50), still(40)] },
      decide: (i: number, { symbol }: { symbol: string }) => (i === 0 ? target(symbol, symbol === A ? 0.5 : -0.5) : undefined),
    };
    const costs = { fees: { kind: 'maker-taker', maker: 0, taker: 0.001 }, slippage: { kind: 'fixed-bps', bps: 200 } } as const;
    const marked = await play({ ...scenario, config: costs });
    const closed = await play({ ...scenario, config: { ...costs, atEnd: 'close' } });
    // In: 50 at 102 and 100 short at 49. Out: 120 less 2.4 is 117 down; 40 and 0.8 is 41 up.
    expect(told(closed)).toEqual(['buy 50@102 taker h1', 'sell 100@49 taker h1 BBB', 'sell 50@117 taker h3', 'buy 100@41 taker h3 BBB']);
    expect(closed.fills.slice(2).map(f => [f.fee, f.slippage, f.reason])).toEqual([
      [5.85, 150, 'end-of-data'],
      [4.1, 100, 'end-of-data'],
    ]);
    const fees = 0.001 * (5100 + 4900);
    expect(marked.finalEquity).toBeCloseTo(10_000 + 50 * 18 + 100 * 9 - fees, 9);
    expect(closed.finalEquity).toBeCloseTo(10_000 + 50 * 15 + 100 * 8 - fees - 9.95, 9);
    expect(closed.curve.equity.at(-1)).toBe(closed.finalEquity);
    expect([closed.curve.gross.at(-1), closed.roundTrips.length, marked.roundTrips.length]).toEqual([0, 2, 0]);
  });

  it('starts from the capital and stays there when nothing is traded', async () => {
    const result = await play({ bars: { [A]: [still(1), still(1000)] }, config: { capital: 123.45 } });
    expect([...result.curve.equity]).toEqual([123.45, 123.45]);
    expect([result.initialCapital, result.finalEquity]).toEqual([123.45, 123.45]);
  });
});

describe('what a strategy draws and writes', () => {
  it('is kept by name and symbol, at the time of the bar', async () => {
    const result = await play({
      bars: { [A]: flat(2), [B]: flat(2, 50) },
      decide: (i, bar, { plot, note }) => {
        plot('close', bar.close + i);
        if (bar.symbol === B) note(`bar ${i}`);
      },
    });
    expect(result.plots.map(p => [p.name, p.symbol, [...p.ts].map(hours), [...p.value]])).toEqual([
      ['close', A, [1, 2], [100, 101]],
      ['close', B, [1, 2], [50, 51]],
    ]);
    expect(result.notes.map(n => [hours(n.ts), n.text])).toEqual([
      [1, 'bar 0'],
      [2, 'bar 1'],
    ]);
    expect(factsOf(result, 'NoteWritten').map(f => [hours(f.ts), f.text])).toEqual([
      [1, 'bar 0'],
      [2, 'bar 1'],
    ]);
  });
});

describe('what a strategy sees of the account', () => {
  it('is its position, entry price and exposure, and what it trades', async () => {
    const seen: unknown[] = [];
    await play({
      bars: { [A]: [still(100), still(100), still(125), still(125)] },
      decide: (i, _, { position, instrument, equity }) => {
        const { quantity, entryPrice, exposure } = position(A);
        seen.push([quantity, entryPrice, exposure, equity]);
        expect(instrument(A).symbol).toBe(A);
        return i === 0 ? target(A, -0.4) : i === 2 ? target(A, 0) : undefined;
      },
    });
    expect(seen).toEqual([
      [0, NaN, 0, 10_000],
      [-40, 100, -0.4, 10_000],
      [-40, 100, -5000 / 9000, 9000],
      [0, NaN, 0, 9000],
    ]);
  });

  it('includes each kind of stream, in the order of the design', async () => {
    const seen: string[] = [];
    const say = <T>(kind: string) => tap<T>(() => void seen.push(kind));
    const column = (x: number): Float64Array => Float64Array.of(x);
    const at = T0 + 2 * HOUR;
    await play({
      bars: { [A]: flat(3) },
      funding: [[A, at, 0.01]],
      mark: [[A, at, 99]],
      chunks: [
        { kind: 'trades', symbol: A, rows: 1, ts: column(at), columns: [column(98), column(2), column(-1)] },
        { kind: 'quotes', symbol: A, rows: 1, ts: column(at), columns: [column(97), column(3), column(98), column(4)] },
      ],
      strategy: defineStrategy({
        name: 'all-streams',
        params: {},
        run: s =>
          merge(
            s.bars$.pipe(
              say('bar'),
              mergeMap(({ bar }) => (bar.openTime === T0 ? [order({ symbol: A, side: 'buy', quantity: 10 })] : [])),
            ),
            merge(
              s.slices$.pipe(say('slice')),
              s.trades$.pipe(tap(t => seen.push(`trade ${t.price} ${t.quantity} ${t.side}`))),
              s.quotes$.pipe(tap(q => seen.push(`quote ${q.bid} ${q.bidSize} ${q.ask} ${q.askSize}`))),
              s.funding$.pipe(tap(f => seen.push(`funding ${f.rate} ${f.interval / HOUR}`))),
              s.mark$.pipe(tap(m => seen.push(`mark ${m.price}`))),
              s.orders$.pipe(tap(f => seen.push(f.type))),
              s.account$.pipe(tap(f => seen.push(f.type))),
            ).pipe(
              filter(() => false),
              map(() => target(A, 0)),
            ),
          ),
      }),
    });
    expect(seen).toEqual([
      'bar',
      'OrderRequested',
      'OrderApproved',
      'OrderSubmitted',
      'slice',
      'OrderFilled',
      'mark 99',
      'quote 97 3 98 4',
      'trade 98 2 -1',
      'funding 0.01 8',
      'bar',
      'slice',
      'FundingSettled',
      'bar',
      'slice',
    ]);
  });

  it('is an error of the strategy when its stream fails, and when it returns no intent', async () => {
    const failing = defineStrategy({
      name: 'failing',
      params: {},
      run: ({ bars$ }) =>
        bars$.pipe(
          map(() => {
            throw new Error('inside the stream');
          }),
        ),
    });
    await expect(play({ bars: { [A]: flat(2) }, strategy: failing })).rejects.toThrow('inside the stream');
    await expect(play({ bars: { [A]: flat(2) }, decide: () => Promise.resolve() as never })).rejects.toThrow(
      /returned something that is no intent: a promise/,
    );
    const unknown = defineStrategy({ name: 'unknown', params: {}, decide: (_, __, { position }) => void position('ZZZ') });
    await expect(play({ bars: { [A]: flat(2) }, strategy: unknown })).rejects.toThrow(/Strategy unknown named ZZZ/);
    const wanting = defineStrategy({
      name: 'wanting',
      params: {},
      needs: () => ({ kind: 'bars', symbols: ['ZZZ'], timeframe: '1h', warmup: 0 }),
      decide: () => undefined,
    });
    await expect(play({ bars: { [A]: flat(2) }, strategy: wanting })).rejects.toThrow(/Strategy wanting needs ZZZ/);
  });
});

describe('the scheduler of a strategy’s streams', () => {
  const clocked = (run: Parameters<typeof defineStrategy>[0]['run'], n = 6) =>
    play({ bars: { [A]: flat(n) }, strategy: defineStrategy({ name: 'clocked', params: {}, run: run as never }) });

  it('counts from the start of the run', async () => {
    const ticks: number[] = [];
    await clocked(({ scheduler, context }) =>
      interval(1.5 * HOUR, scheduler).pipe(
        tap(() => ticks.push(hours(context.now))),
        mergeMap(() => []),
      ),
    );
    expect(ticks).toEqual([1.5, 3, 4.5, 6]);
  });

  it('runs a timer at its time, orders included', async () => {
    const result = await clocked(({ scheduler }) => timer(2.25 * HOUR, scheduler).pipe(map(() => target(A, 1))));
    // The price is known from h1 on; the order meets the bar under way.
    expect(told(result)).toEqual(['buy 100@100 taker h2.25']);
  });

  it('forgets what was called off', async () => {
    const ticks: number[] = [];
    await clocked(({ bars$, scheduler, context }) =>
      merge(bars$.pipe(switchMap(() => timer(1.5 * HOUR, scheduler))), bars$.pipe(take(2), debounceTime(0.25 * HOUR, scheduler))).pipe(
        tap(() => ticks.push(hours(context.now))),
        mergeMap(() => []),
      ),
    );
    // Each bar calls off the timer of the one before. The debounced stream ends with its second bar, and hands it over then.
    expect(ticks).toEqual([1.25, 2]);
  });

  it('bears an interval over a long run', () => {
    const scheduler = new ClockScheduler();
    scheduler.set(0);
    let ticks = 0;
    const subscription = interval(1, scheduler).subscribe(() => ticks++);
    scheduler.run(200_000);
    subscription.unsubscribe();
    scheduler.run(300_000);
    expect(ticks).toBe(200_000);
  });

  it('replaces a request that has not run by a later one', () => {
    const scheduler = new ClockScheduler();
    scheduler.set(0);
    const seen: string[] = [];
    scheduler.schedule(
      function (state) {
        seen.push(`${state ?? 'none'} at ${scheduler.now()}`);
        if (state === 'first') {
          this.schedule('early', 5);
          this.schedule('late', 50);
        }
      },
      10,
      'first',
    );
    scheduler.run(100);
    expect(seen).toEqual(['first at 10', 'late at 60']);
  });

  it('runs what is due in order of time, then of scheduling, and tells the time of each', () => {
    const scheduler = new ClockScheduler();
    scheduler.set(100);
    const seen: string[] = [];
    const say = (name: string, delay: number) => scheduler.schedule(() => seen.push(`${name} ${scheduler.now()}`), delay);
    say('c', 30);
    say('a', 10);
    say('b', 10);
    say('never', 500);
    const off = say('off', 20);
    off.unsubscribe();
    scheduler.schedule(
      function (state) {
        seen.push(`d ${scheduler.now()} ${state ?? 'none'}`);
        if (state === 1) this.schedule(2, 5);
      },
      25,
      1,
    );
    expect(scheduler.nextAt).toBe(110);
    scheduler.run(200);
    expect(seen).toEqual(['a 110', 'b 110', 'd 125 1', 'c 130', 'd 130 2']);
    expect([scheduler.now(), scheduler.nextAt]).toEqual([200, 600]);
  });
});

describe('a run', () => {
  it('is the same whatever the order in which its symbols are named', async () => {
    // Without leverage only one of the two orders can be carried whole: the first by name.
    const scenario = {
      bars: { [A]: flat(4), [B]: flat(4) },
      decide: (i: number, { symbol }: { symbol: string }) => (i === 0 ? target(symbol, 0.6) : undefined),
      config: { leverage: 1 },
    };
    const { chunks, config, instruments } = stage(scenario);
    const strategy = defineStrategy({
      name: 'both',
      params: {},
      decide: bar => (bar.openTime === T0 ? target(bar.symbol, 0.6) : undefined),
    });
    const of = (symbols: string[]) =>
      backtest({ strategy, params: {}, bundle: 't', config: { ...config, symbols }, instruments, feed: memoryFeed(chunks) });
    const [forwards, backwards] = [await of([A, B]), await of([B, A])];
    expect(told(forwards)).toEqual(['buy 60@100 taker h1', 'buy 40@100 taker h1 BBB']);
    expect(told(backwards)).toEqual(told(forwards));
    expect(backwards.fingerprint).toBe(forwards.fingerprint);
  });

  it('of a perpetual without any funding is refused, unless funding is left out or the instrument pays none', async () => {
    await expect(play({ bars: { [A]: flat(2) }, config: { funding: { kind: 'settled' } } })).rejects.toThrow(
      /the dataset has no funding for it/,
    );
    expect((await play({ bars: { [A]: flat(2) } })).bars).toBe(2);
    const spot = await play({ bars: { [A]: flat(2) }, instruments: { [A]: { kind: 'spot' } }, config: { funding: { kind: 'settled' } } });
    expect(spot.bars).toBe(2);
  });

  it('of several perpetuals needs the funding of each', async () => {
    const half = play({ bars: { [A]: flat(2), [B]: flat(2) }, funding: [[A, T0 + HOUR, 0.01]] });
    await expect(half).rejects.toThrow(/BBB\/USDT:USDT is a perpetual and the dataset has no funding for it/);
  });

  it('without an instrument for a symbol is a defect of the caller', async () => {
    const { chunks, config } = stage({ bars: { [A]: flat(2) } });
    const strategy = defineStrategy({ name: 'idle', params: {}, decide: () => undefined });
    await expect(backtest({ strategy, params: {}, bundle: 't', config, instruments: [], feed: memoryFeed(chunks) })).rejects.toThrow(
      RangeError,
    );
  });

  it('keeps facts only when asked to, with one fingerprint either way', async () => {
    const { chunks, config, instruments } = stage({ bars: { [A]: flat(4) } });
    const strategy = defineStrategy({ name: 'in-and-out', params: {}, decide: bar => target(A, (bar.openTime / HOUR) % 2) });
    const of = (keepFacts: boolean) =>
      backtest({ strategy, params: {}, bundle: 't', config, instruments, feed: memoryFeed(chunks), keepFacts });
    const [kept, dropped] = [await of(true), await of(false)];
    expect([kept.facts.length > 5, dropped.facts.length]).toEqual([true, 0]);
    expect(dropped.fingerprint).toBe(kept.fingerprint);
    expect(kept.facts.at(-1)).toMatchObject({ type: 'RunFinished', bars: 4, fingerprint: kept.fingerprint });
    expect(dropped.fills).toEqual(kept.fills);
  });

  it('stops when it is told to', async () => {
    const { chunks, config, instruments } = stage({ bars: { [A]: flat(4) } });
    const strategy = defineStrategy({ name: 'idle', params: {}, decide: () => undefined });
    await expect(
      backtest({ strategy, params: {}, bundle: 't', config, instruments, feed: memoryFeed(chunks), signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/i);
  });

  it('refuses what a strategy answers to news that came after the end', async () => {
    const result = await play({
      bars: { [A]: flat(3) },
      strategy: defineStrategy({
        name: 'answers',
        params: {},
        run: ({ bars$, orders$ }) =>
          merge(
            bars$.pipe(mergeMap(({ bar }) => (bar.openTime === T0 ? [target(A, 1)] : []))),
            orders$.pipe(
              filter(f => f.type === 'OrderFilled'),
              map(() => order({ symbol: A, side: 'sell', quantity: 1, limit: 150 })),
            ),
          ),
      }),
      config: { atEnd: 'close', latency: { kind: 'constant', order: 0, cancel: 0, report: 50 } },
    });
    expect(factsOf(result, 'IntentDenied').map(f => [f.code, hours(f.ts)])).toEqual([['after-end', 3 + 50 / HOUR]]);
    expect(factsOf(result, 'OrderSubmitted').length).toBe(2);
    const known = result.facts.map(f => f.knownAt);
    expect(known).toEqual([...known].sort((a, b) => a - b));
  });

  it('does nothing after its window: what would fill at a bar that opens as it ends stays on its way, as on data that end there', async () => {
    const until = (to: number, bars: number, latency: number) =>
      play({
        bars: { [A]: flat(bars) },
        decide: i => (i === 2 ? target(A, 1) : undefined),
        config: { to: T0 + to * HOUR, fills: FREE.fills, latency: { kind: 'constant', order: latency, cancel: 0, report: 0 } },
      });
    const ended = await until(3, 6, 0);
    expect([told(ended), ended.bars, ended.curve.length]).toEqual([[], 3, 3]);
    expect(ended.fingerprint).toBe((await until(3, 3, 0)).fingerprint);
    expect(told(await until(4, 6, 0))).toEqual(['buy 100@100 taker h3']);
    expect(told(await until(3, 6, 1))).toEqual([]);
  });
});
