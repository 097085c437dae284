import { atr, cancel, defineStrategy, float, int, order, rsi, target } from 'quantai-trad';

/**
 * One idea: a stop order that rests at the venue. It works between bars, so a fall inside a bar is met at the stop, or at the gap behind it, and not at the close.
 * The stop is sent together with the entry and reaches the venue right after it; `reduceOnly` keeps it from ever opening a position.
 *
 *     quantai backtest examples/protective-stop.ts --dataset sample
 */
export default defineStrategy({
  name: 'protective-stop',
  description: 'Buys weakness, sells at the middle of the RSI, and is protected by a stop order from the first moment.',
  params: {
    length: int(5, 40, { default: 14 }),
    entry: int(15, 45, { default: 30, step: 5 }),
    stopAtr: float(1, 6, { default: 3, step: 0.5 }),
  },
  indicators: p => ({ strength: rsi(p.length), range: atr(p.length) }),
  memory: () => ({ stops: new Map<string, string>(), sent: 0 }),
  decide: (bar, { strength, range }, { params, memory, position, universe, quantityFor }) => {
    const { symbol, close } = bar;
    const stopName = memory.stops.get(symbol);
    if (stopName === undefined) {
      if (!(strength < params.entry)) return undefined;
      const share = 1 / universe.length;
      const id = `stop-${symbol}-${++memory.sent}`;
      memory.stops.set(symbol, id);
      // A little more than the entry can buy: a reduce-only order never fills more than the position.
      const quantity = quantityFor(symbol, share) * 1.01;
      return [
        target(symbol, share, { reason: 'oversold' }),
        order({ symbol, side: 'sell', quantity, stop: close - params.stopAtr * range, reduceOnly: true, id, reason: 'protective stop' }),
      ];
    }
    if (position(symbol).quantity === 0) {
      memory.stops.delete(symbol);
      // The last target still says `share`: without this line the next entry would be the same target, which does nothing.
      return target(symbol, 0, { reason: 'stopped out' });
    }
    if (strength < 50) return undefined;
    memory.stops.delete(symbol);
    return [target(symbol, 0, { reason: 'back in the middle' }), cancel(stopName, { reason: 'position closed' })];
  },
});
