import { describe, expect, it } from 'vitest';
import { merge } from 'rxjs';
import { filter, map, mergeMap, take } from 'rxjs/operators';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { order, target } from '../../src/strategies/intent.js';
import { A, B, FREE, T0, factsOf, play, still, told } from './scenario.js';

const HOUR = 3_600_000;
const flat = (n: number, price = 100) => Array.from({ length: n }, () => still(price));

describe('a target', () => {
  it('buys what its share of equity is worth at the last close, in whole lots toward zero, at the next open', async () => {
    // 10,000 ÷ 300 = 33.3; the next open is dearer and changes the price, not the size.
    const result = await play({ bars: { [A]: [still(300), still(310)] }, decide: i => (i === 0 ? target(A, 1) : undefined) });
    expect(told(result)).toEqual(['buy 33@310 taker h1']);
  });

  it('sells short toward zero too', async () => {
    const result = await play({ bars: { [A]: [still(300), still(290)] }, decide: i => (i === 0 ? target(A, -0.5) : undefined) });
    expect(told(result)).toEqual(['sell 16@290 taker h1']);
  });

  it('does nothing when it is the same again: drift is not traded', async () => {
    const result = await play({ bars: { [A]: [still(100), still(150), still(50), still(400)] }, decide: () => target(A, 0.5) });
    expect(told(result)).toEqual(['buy 50@150 taker h1']);
    expect(factsOf(result, 'TargetSet').length).toBe(1);
  });

  it('trades drift once it leaves the rebalance band', async () => {
    // 50 at 100. At 120 exposure is 6,000 ÷ 11,000 = 0.545; at 200 it is 10,000 ÷ 15,000 = 0.667, and half of 15,000 is 37 lots.
    const bars = { [A]: [still(100), still(100), still(120), still(200), still(200)] };
    const result = await play({ bars, decide: () => target(A, 0.5), config: { rebalanceBand: 0.1 } });
    expect(told(result)).toEqual(['buy 50@100 taker h1', 'sell 13@200 taker h4']);
    expect(factsOf(result, 'TargetSet').length).toBe(1);
  });

  it('trades drift downwards too, but not while an order for it is on its way', async () => {
    const bars = { [A]: [still(100), still(50), still(50), still(50), still(50), still(50)] };
    const after = await play({
      bars: { [A]: [still(100), still(100), still(50), still(50)] },
      decide: () => target(A, 0.5),
      config: { rebalanceBand: 0.1 },
    });
    // 50 lots are 2,500 of 7,500; half of it is 75 lots.
    expect(told(after)).toEqual(['buy 50@100 taker h1', 'buy 25@50 taker h3']);
    const late = await play({
      bars,
      decide: () => target(A, 0.5),
      config: { rebalanceBand: 0.1, latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    // At h2 the first order is still on its way; at h3 it has filled, and a quarter is held where half is wanted.
    expect(told(late)).toEqual(['buy 50@50 taker h2.5', 'buy 50@50 taker h4.5']);
  });

  it('that drifted by less than a lot writes nothing, bar after bar', async () => {
    const result = await play({
      bars: { [A]: [still(6000), still(6000), still(5000), still(5000), still(5000), still(5000)] },
      decide: () => target(A, 0.6),
      config: { rebalanceBand: 0.01 },
    });
    expect(told(result)).toEqual(['buy 1@6000 taker h1']);
    expect(factsOf(result, 'TargetSet').length).toBe(1);
  });

  it('turns a position round in one order', async () => {
    const result = await play({ bars: { [A]: flat(4) }, decide: i => [target(A, 1), target(A, -1)][i] });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 200@100 taker h2']);
  });

  it('of nothing closes with an order that can only reduce', async () => {
    const result = await play({ bars: { [A]: flat(4) }, decide: i => [target(A, 1), target(A, 0)][i] });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@100 taker h2']);
    expect(factsOf(result, 'OrderApproved').map(f => f.ticket.reduceOnly)).toEqual([false, true]);
    expect(result.finalEquity).toBe(10_000);
  });

  it('of nothing closes what orders of another kind have opened', async () => {
    const result = await play({
      bars: { [A]: flat(5) },
      decide: i => [order({ symbol: A, side: 'buy', quantity: 10 }), target(A, 0), target(A, 0)][i],
    });
    expect(told(result)).toEqual(['buy 10@100 taker h1', 'sell 10@100 taker h2']);
  });

  it('counts what is on its way already', async () => {
    // An order takes 90 minutes: the second target finds 100 lots on their way and not yet there.
    const result = await play({
      bars: { [A]: flat(7) },
      decide: i => [target(A, 1), target(A, 0.5)][i],
      config: { latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    expect(result.curve.exposure.at(-1)).toBe(0.5);
  });

  it('of nothing closes what has filled without the strategy knowing as soon as it is known', async () => {
    // The fill at h1 is reported at h2.5; at h2 the strategy wants flat, and the order is beyond taking back.
    const result = await play({
      bars: { [A]: flat(7) },
      decide: (i, _, { position }) => {
        if (i === 1) expect(position(A).quantity).toBe(0);
        if (i === 2) expect(position(A).quantity).toBe(100);
        return [target(A, 1), target(A, 0)][i];
      },
      config: { latency: { kind: 'constant', order: 0, cancel: 0, report: 1.5 * HOUR } },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@100 taker h2.5']);
    expect(factsOf(result, 'OrderFilled').map(f => (f.knownAt - T0) / HOUR)).toEqual([2.5, 4]);
    expect(factsOf(result, 'CancelRejected').length).toBe(1);
  });

  it('of nothing says so when what it should close becomes known after the end of the data', async () => {
    const result = await play({
      bars: { [A]: flat(3) },
      decide: i => [target(A, 1), target(A, 0)][i],
      config: { latency: { kind: 'constant', order: 0, cancel: 0, report: 2.5 * HOUR } },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1']);
    expect(result.refusals).toEqual({ 'after-end': 1 });
  });

  it('below the least notional is denied, once, and passes at it', async () => {
    const instruments = { [A]: { minNotional: 500 } };
    const small = await play({ bars: { [A]: flat(5) }, instruments, decide: () => target(A, 0.04) });
    expect(told(small)).toEqual([]);
    expect(small.refusals).toEqual({ 'min-notional': 1 });
    const enough = await play({ bars: { [A]: flat(3) }, instruments, decide: () => target(A, 0.05) });
    expect(told(enough)).toEqual(['buy 5@100 taker h1']);
  });

  it('of nothing closes a position that has become too small to trade otherwise', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), still(50), still(50)] },
      instruments: { [A]: { minNotional: 500 } },
      decide: i => (i === 0 ? target(A, 0.05) : i === 2 ? target(A, 0) : undefined),
    });
    expect(told(result)).toEqual(['buy 5@100 taker h1', 'sell 5@50 taker h3']);
  });

  it('that was not reached may be asked for again, and is still one target', async () => {
    // Without leverage, an equity of 10,000 that A ties up leaves nothing for B. A is closed at h3, which is known at h4: there is no second try before.
    const result = await play({
      bars: { [A]: flat(5), [B]: flat(5) },
      decide: (i, { symbol }) =>
        symbol === A ? (i === 0 || i === 2 ? target(A, i === 0 ? 1 : 0) : undefined) : i >= 1 ? target(B, 1) : undefined,
      config: { leverage: 1 },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@100 taker h3', 'buy 100@100 taker h4 BBB']);
    expect(result.refusals).toEqual({ margin: 1 });
    expect(factsOf(result, 'TargetSet').length).toBe(3);
    expect(factsOf(result, 'OrderApproved').length).toBe(4);
  });

  it('that was reached and stopped out is not entered again until it changes', async () => {
    const stop = order({ symbol: A, side: 'sell', quantity: 100, stop: 90, reduceOnly: true });
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 100], still(100), still(100), still(100)] },
      decide: i => (i === 1 ? [target(A, 1), stop] : i === 4 ? target(A, 0.5) : target(A, 1)),
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 100@90 taker h2.5', 'buy 45@100 taker h5']);
  });

  it('that is no number is denied, once', async () => {
    const result = await play({ bars: { [A]: flat(4) }, decide: i => target(A, i === 3 ? Infinity : NaN) });
    expect(told(result)).toEqual([]);
    expect(factsOf(result, 'IntentDenied').map(f => [f.code, f.text])).toEqual([
      ['not-a-number', `target exposure of ${A} is NaN`],
      ['not-a-number', `target exposure of ${A} is Infinity`],
    ]);
  });

  it('in a symbol that is not in the run is an error that names the strategy', async () => {
    await expect(play({ bars: { [A]: flat(2) }, decide: () => target('ZZZ', 1) })).rejects.toThrow(/Strategy scripted named ZZZ/);
  });

  it('in a symbol that has no price yet is refused', async () => {
    const result = await play({
      bars: { [A]: flat(4), [B]: [null, null, still(50), still(50)] },
      decide: (_, bar) => (bar.symbol === A ? target(B, 0.5) : undefined),
    });
    expect(result.refusals).toEqual({ 'no-price': 1 });
    expect(told(result)).toEqual(['buy 100@50 taker h3 BBB']);
  });

  it('is a share of the equity of the whole account', async () => {
    // A gains 5,000 before B is bought: half of 15,000.
    const result = await play({
      bars: { [A]: [still(100), still(100), still(150), still(150)], [B]: flat(4, 10) },
      decide: (i, bar) => (bar.symbol === A && i === 0 ? target(A, 1) : bar.symbol === B && i === 2 ? target(B, 0.5) : undefined),
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'buy 750@10 taker h3 BBB']);
    expect(result.finalEquity).toBe(15_000);
  });

  it('is priced at the last close, however old', async () => {
    const result = await play({
      bars: { [A]: flat(5), [B]: [still(50), null, null, null, still(100)] },
      decide: (i, bar) => (bar.symbol === A && i === 2 ? target(B, 1) : undefined),
    });
    expect(told(result)).toEqual(['buy 200@100 taker h4 BBB']);
  });

  it('reached in parts is filled as each bar allows, and ends when it is whole', async () => {
    const bars = { [A]: [still(100, 100), still(100, 100), still(110, 300), still(120, 1000), still(120, 1000)] };
    const result = await play({ bars, decide: () => target(A, 1), config: { fills: { ...FREE.fills, participation: 0.2 } } });
    expect(told(result)).toEqual(['buy 20@100 taker h1', 'buy 60@110 taker h2', 'buy 20@120 taker h3']);
  });
});

describe('a target that changes while the order of the one before is still filling', () => {
  const slow = (n: number, price = 100) => Array.from({ length: n }, () => still(price, 100));
  const config = { fills: { ...FREE.fills, participation: 0.2 } };
  const cancels = (result: Awaited<ReturnType<typeof play>>) => factsOf(result, 'CancelRequested').map(f => [f.orderId, f.reason]);

  it('takes the order back: an exit closes what is held and buys nothing more', async () => {
    const result = await play({
      bars: { [A]: slow(10) },
      decide: i => (i === 0 ? target(A, 1) : i >= 2 ? target(A, 0) : undefined),
      config,
    });
    expect(told(result)).toEqual(['buy 20@100 taker h1', 'buy 20@100 taker h2', 'sell 20@100 taker h3', 'sell 20@100 taker h4']);
    expect(cancels(result)).toEqual([['o1', 'superseded']]);
    expect(factsOf(result, 'OrderApproved').map(f => [f.ticket.side, f.ticket.lots, f.ticket.reduceOnly])).toEqual([
      ['buy', 100, false],
      ['sell', 40, true],
    ]);
    expect(factsOf(result, 'TargetSet').length).toBe(2);
  });

  it('works for shorts alike', async () => {
    const result = await play({
      bars: { [A]: slow(6) },
      decide: i => (i === 0 ? target(A, -1) : i === 1 ? target(A, 0) : undefined),
      config,
    });
    expect(told(result)).toEqual(['sell 20@100 taker h1', 'buy 20@100 taker h2']);
  });

  it('turns round from what is held', async () => {
    const result = await play({
      bars: { [A]: slow(8) },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? target(A, -0.5) : undefined),
      config,
    });
    // 20 are held and 50 short are wanted: 70 to sell.
    expect(told(result).map(t => t.slice(0, 8))).toEqual(['buy 20@1', 'sell 20@', 'sell 20@', 'sell 20@', 'sell 10@']);
    expect(result.curve.exposure.at(-1)).toBe(-0.5);
  });

  it('that wants less of the same buys the rest anew, once the old order has ended', async () => {
    const result = await play({
      bars: { [A]: slow(8) },
      decide: i => (i === 0 ? target(A, 1) : i === 2 ? target(A, 0.5) : undefined),
      config,
    });
    expect(told(result)).toEqual(['buy 20@100 taker h1', 'buy 20@100 taker h2', 'buy 10@100 taker h3']);
    expect(cancels(result)).toEqual([['o1', 'superseded']]);
  });

  it('that wants more of the same leaves the order and adds to it', async () => {
    const result = await play({
      bars: { [A]: slow(8) },
      decide: i => (i === 0 ? target(A, 0.3) : i === 1 ? target(A, 0.5) : undefined),
      config,
    });
    expect(told(result)).toEqual(['buy 20@100 taker h1', 'buy 10@100 taker h2', 'buy 10@100 taker h2', 'buy 10@100 taker h3']);
    expect(cancels(result)).toEqual([]);
  });

  it('waits for a slow cancel to end the old order, and goes on to the lots that were planned, whatever the price by then', async () => {
    const result = await play({
      bars: { [A]: [still(100, 100), still(100, 100), ...slow(6, 200)] },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? target(A, 0.5) : undefined),
      config: { ...config, latency: { kind: 'constant', order: 0, cancel: HOUR / 2, report: 0 } },
    });
    // At h2 20 are held and 50 wanted. The old order buys 20 more before its cancel arrives at h2.5; 10 are left to buy, and the bar's volume is used up.
    expect(told(result)).toEqual(['buy 20@100 taker h1', 'buy 20@200 taker h2', 'buy 10@200 taker h3']);
  });

  it('closes what a slow cancel lets through, each time it is known', async () => {
    const result = await play({
      bars: { [A]: slow(8) },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? target(A, 0) : undefined),
      config: { ...config, latency: { kind: 'constant', order: 0, cancel: HOUR, report: 0 } },
    });
    // The exit of 20 reaches h2's open behind the old order, which uses its volume.
    expect(told(result)).toEqual(['buy 20@100 taker h1', 'buy 20@100 taker h2', 'sell 20@100 taker h3', 'sell 20@100 taker h4']);
    expect(result.curve.exposure.at(-1)).toBe(0);
  });

  it('does not send the rest beside an order that may still fill whole', async () => {
    // The cancel sent at h2 arrives at h3.5, an hour after the order.
    const result = await play({
      bars: { [A]: flat(8) },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? target(A, 0.5) : undefined),
      config: { latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 1.5 * HOUR, report: 0 } },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h2.5', 'sell 50@100 taker h4']);
  });

  it('cancels again as soon as the venue has an order that it could not fill yet', async () => {
    const bars = [...slow(2), still(100, 0), ...slow(4)];
    const result = await play({
      bars: { [A]: bars },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? target(A, 0) : undefined),
      config: { ...config, latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    expect(told(result)).toEqual([]);
    expect(factsOf(result, 'OrderCancelled').map(f => (f.ts - T0) / HOUR)).toEqual([2.5]);
  });

  it('cancels again when the first cancel overtook the order', async () => {
    const result = await play({
      bars: { [A]: slow(8) },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? target(A, 0) : undefined),
      config: { ...config, latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    // The order arrives at h2.5 and takes what that bar gives; the exit of it takes as long to arrive.
    expect(told(result)).toEqual(['buy 20@100 taker h2.5', 'sell 20@100 taker h4']);
    expect(cancels(result).length).toBe(2);
    expect(factsOf(result, 'CancelRejected').length).toBe(1);
  });

  it('in the same decision costs nothing', async () => {
    const result = await play({ bars: { [A]: slow(4) }, decide: i => (i === 0 ? [target(A, 1), target(A, 0)] : undefined) });
    expect(told(result)).toEqual([]);
    expect(factsOf(result, 'OrderCancelled').map(f => [f.orderId, f.code])).toEqual([['o1', 'requested']]);
  });

  it('before the order was even sent withdraws it, and it still ends once', async () => {
    // Two intents in answer to one fact both wait their turn behind it.
    const result = await play({
      bars: { [A]: slow(4) },
      strategy: defineStrategy({
        name: 'hasty',
        params: {},
        run: ({ bars$, orders$ }) =>
          merge(
            bars$.pipe(
              take(1),
              map(() => order({ symbol: A, side: 'buy', quantity: 1 })),
            ),
            orders$.pipe(
              filter(f => f.type === 'OrderFilled'),
              take(1),
              mergeMap(() => [target(A, 1), target(A, 0)]),
            ),
          ),
      }),
    });
    expect(told(result)).toEqual(['buy 1@100 taker h1', 'sell 1@100 taker h1']);
    expect(factsOf(result, 'OrderSubmitted').map(f => f.orderId)).toEqual(['o1', 'o3']);
    expect(factsOf(result, 'OrderCancelled').map(f => [f.orderId, f.code])).toEqual([['o2', 'not-sent']]);
  });
});

describe('a protective stop beside a target', () => {
  const stop = (quantity: number) => order({ symbol: A, side: 'sell', quantity, stop: 90, reduceOnly: true });

  it('that fills before a reduction leaves the account flat, not short', async () => {
    for (const latency of [0, 0.5 * HOUR]) {
      const result = await play({
        bars: { [A]: [still(100), still(100), still(100), still(80), still(80), still(80), still(80)] },
        decide: i => (i === 0 ? target(A, 1) : i === 1 ? stop(100) : i >= 2 ? target(A, 0.5) : undefined),
        config: { latency: { kind: 'constant', order: latency, cancel: 0, report: 0 } },
      });
      expect(result.curve.exposure.at(-1)).toBe(0);
      expect(result.fills.map(f => [f.side, f.quantity])).toEqual([
        ['buy', 100],
        ['sell', 100],
      ]);
      expect(result.refusals).toEqual({ 'reduce-only': 1 });
    }
  });

  it('does not keep spot from being reduced', async () => {
    const result = await play({
      bars: { [A]: flat(6) },
      instruments: { [A]: { kind: 'spot' } },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? stop(100) : i >= 2 ? target(A, 0.5) : undefined),
      config: { leverage: 1 },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1', 'sell 50@100 taker h3']);
    expect(result.refusals).toEqual({});
  });

  it('and a turn do not sell the same lots twice: the turn closes first and goes on from there', async () => {
    // Both meet the open of 80. Then 50 short are wanted, as planned at 100.
    const gapped = await play({
      bars: { [A]: [still(100), still(100), still(100), still(80), still(80), still(80)] },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? stop(100) : i === 2 ? target(A, -0.5) : undefined),
    });
    expect(told(gapped)).toEqual(['buy 100@100 taker h1', 'sell 100@80 taker h3', 'sell 50@80 taker h3']);
    const calm = await play({
      bars: { [A]: flat(6) },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? stop(100) : i === 2 ? target(A, -0.5) : undefined),
    });
    expect(told(calm)).toEqual(['buy 100@100 taker h1', 'sell 100@100 taker h3', 'sell 50@100 taker h3']);
    expect(factsOf(calm, 'OrderCancelled').map(f => [f.orderId, f.code])).toEqual([['o2', 'reduce-only']]);
  });

  it('and a turn do not sell twice when a part is on its way already', async () => {
    const late = await play({
      bars: { [A]: [still(100), still(100), still(100), still(100), [100, 100, 80, 100], ...flat(6)] },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? stop(100) : i === 2 ? target(A, 0.5) : i >= 3 ? target(A, -0.2) : undefined),
      config: { latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    // Planned at h4 on 10,000 at 100: 20 short.
    expect(late.fills.reduce((held, f) => held + (f.side === 'buy' ? f.quantity : -f.quantity), 0)).toBe(-20);
    const filling = await play({
      bars: { [A]: [...flat(3), ...Array.from({ length: 10 }, () => still(100, 100))] },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? stop(100) : i === 2 ? target(A, 0.5) : i >= 3 ? target(A, -0.2) : undefined),
      config: { fills: { ...FREE.fills, participation: 0.2 } },
    });
    expect(filling.fills.reduce((held, f) => held + (f.side === 'buy' ? f.quantity : -f.quantity), 0)).toBe(-20);
    expect(Math.min(...filling.curve.exposure)).toBe(-0.2);
  });

  it('is not undone by a rebalance band', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 100], ...flat(4)] },
      decide: i => (i === 1 ? [target(A, 0.5), stop(50)] : target(A, 0.5)),
      config: { rebalanceBand: 0.05 },
    });
    expect(told(result)).toEqual(['buy 50@100 taker h1', 'sell 50@90 taker h2.5']);
  });

  it('is not undone because the account could not carry all of the target', async () => {
    // The rest of 2 lots is tried at the close of 103 and not carried at the open of 101.
    const result = await play({
      bars: { [A]: [still(100), [101, 103, 101, 103], [101, 101, 80, 85], still(85), still(85)] },
      decide: i => (i === 1 ? [target(A, 2), stop(199)] : target(A, 2)),
      config: { leverage: 2 },
    });
    expect(told(result).map(fill => fill.slice(0, 12))).toEqual(['buy 198@101 ', 'sell 198@90 ']);
    const increased = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 80, 100], still(100), still(100)] },
      decide: i => (i === 0 ? target(A, 1) : i === 1 ? [target(A, 1.5), stop(100)] : target(A, 1.5)),
      config: { leverage: 1 },
    });
    expect(told(increased)).toEqual(['buy 100@100 taker h1', 'sell 100@90 taker h2.5']);
  });
});

describe('a target that cannot be carried', () => {
  it('is not tried at every bar, and its drift is not traded', async () => {
    const result = await play({
      bars: { [A]: flat(50) },
      decide: () => target(A, 2),
      config: { leverage: 1, rebalanceBand: 0.05 },
    });
    expect(told(result)).toEqual(['buy 100@100 taker h1']);
    expect(result.refusals).toEqual({ margin: 1 });
  });

  it('is tried once a bar by a strategy that repeats it at every answer', async () => {
    const repeating = defineStrategy({
      name: 'repeating',
      params: {},
      run: ({ bars$, orders$ }) => merge(bars$, orders$).pipe(mergeMap(() => [target(A, 1), target(B, 1)])),
    });
    const carried = await play({ bars: { [A]: flat(4), [B]: flat(4) }, strategy: repeating, config: { leverage: 1 } });
    expect(told(carried)).toEqual(['buy 100@100 taker h1']);
    const rejected = await play({
      bars: { [A]: [still(100), still(90), still(90), still(90)], [B]: flat(4) },
      strategy: repeating,
      instruments: { [A]: { minNotional: 10_000 } },
    });
    expect(rejected.refusals['min-notional']).toBeLessThanOrEqual(4);
  });

  it('stops a strategy that answers its own orders for ever, and names it', async () => {
    let side = 0;
    const restless = defineStrategy({
      name: 'restless',
      params: {},
      run: ({ bars$, orders$ }) => merge(bars$, orders$).pipe(map(() => target(A, ++side % 2 === 0 ? 1 : -1))),
    });
    await expect(play({ bars: { [A]: flat(4) }, strategy: restless })).rejects.toThrow(/restless .* one moment/);
  });
});

describe('a rest', () => {
  const fine = { lotSize: 0.01, tickSize: 0.01 };

  it('too small for an order does not switch the rebalance band off', async () => {
    const bars = { [A]: [still(1000), still(1000), still(970), still(300), still(300), still(300)] };
    const of = (minNotional: number) =>
      play({ bars, instruments: { [A]: { minNotional, lotSize: 0.01 } }, decide: () => target(A, 0.5), config: { rebalanceBand: 0.005 } });
    const [least, none] = [await of(100), await of(0)];
    expect(least.refusals).toEqual({ 'min-notional': 1 });
    expect(least.curve.exposure.at(-1)).toBeCloseTo(0.5, 3);
    expect(none.curve.exposure.at(-1)).toBeCloseTo(0.5, 3);
    expect(least.fills.length).toBe(2);
  });

  it('for want of margin follows as far as it fits, also when costs or the price have taken a part of the room', async () => {
    for (const [taker, price] of [
      [0.0005, 100],
      [0, 101],
    ] as const) {
      const result = await play({
        bars: { [A]: [...flat(4), ...flat(8, price)], [B]: flat(12) },
        instruments: { [A]: fine, [B]: fine },
        decide: (i, { symbol }) => target(symbol, i < 3 ? 0.5 : symbol === A ? 1 : 0),
        config: { leverage: 1, fees: { kind: 'maker-taker', maker: taker, taker } },
      });
      expect(result.curve.exposure.at(-1)).toBeGreaterThan(0.98);
      expect(result.curve.gross.at(-1)).toBeLessThanOrEqual(1);
      expect(result.fills.length).toBeLessThanOrEqual(7);
    }
  });

  it('of two orders of one target is both of them', async () => {
    const result = await play({
      bars: { [A]: flat(14), [B]: flat(14) },
      decide: (i, { symbol }) => (symbol === B ? target(B, i < 8 ? 0.9 : 0) : i < 3 ? undefined : target(A, i === 3 ? 0.3 : 0.6)),
      config: { leverage: 0.9, latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    expect(told(result)).toEqual(['buy 90@100 taker h2.5 BBB', 'sell 90@100 taker h10.5 BBB', 'buy 60@100 taker h12.5']);
  });
});

describe('the same target within one bar', () => {
  it('closes what another order has opened since', async () => {
    const result = await play({
      bars: { [A]: [still(100), still(100), [100, 100, 90, 100], still(100), still(100), still(100)] },
      strategy: defineStrategy({
        name: 'answering',
        params: {},
        run: ({ bars$, orders$ }) =>
          merge(
            bars$.pipe(
              mergeMap(({ bar }) =>
                bar.openTime === T0
                  ? [target(A, 0.1)]
                  : bar.openTime === T0 + HOUR
                    ? [target(A, 0), order({ symbol: A, side: 'buy', quantity: 10, limit: 95 })]
                    : [],
              ),
            ),
            orders$.pipe(
              filter(f => f.type === 'OrderFilled' && f.price === 95),
              map(() => target(A, 0)),
            ),
          ),
      }),
    });
    expect(result.fills.map(f => [f.side, f.quantity, f.price])).toEqual([
      ['buy', 10, 100],
      ['sell', 10, 100],
      ['buy', 10, 95],
      ['sell', 10, 95],
    ]);
  });
});
