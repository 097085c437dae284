import { donchian } from '../../features/trend/donchian.js';
import { atr } from '../../features/volatility/atr.js';
import type { Symbol } from '../../market/instrument.js';
import { cancel, order, target } from '../intent.js';
import { float, int } from '../params.js';
import { defineStrategy } from '../strategy.js';

/** What is remembered of a position: its side, its stop, and the name of the stop order at the venue. */
interface Trade {
  readonly side: 1 | -1;
  stop: number;
  name: string;
}

/**
 * Follows breakouts of the price channel of the bars before, protected at the venue by a stop that trails at a multiple of the average true range. A reduce-only stop
 * order works between bars, so a crash inside a bar is met at the stop or at the gap, not at the close.
 */
export default defineStrategy({
  name: 'donchian-breakout',
  description: 'Enters on a break of the previous price channel, protected by a trailing ATR stop order.',
  params: {
    channel: int(10, 200, { default: 55, step: 5 }),
    atrLength: int(5, 50, { default: 20 }),
    stopAtr: float(1, 6, { default: 3, step: 0.5 }),
  },
  indicators: p => ({ channel: donchian(p.channel, { previous: true }), atr: atr(p.atrLength) }),
  memory: () => ({ trades: new Map<Symbol, Trade>(), stops: 0 }),
  decide: (bar, { channel, atr: range }, { params, memory, position, universe, quantityFor }) => {
    const { symbol, close } = bar;
    const share = 1 / universe.length;
    const { quantity } = position(symbol);
    const trade = memory.trades.get(symbol);
    const stopOrder = (side: 1 | -1, size: number, stop: number, name: string) =>
      order({ symbol, side: side > 0 ? 'sell' : 'buy', quantity: size, stop, reduceOnly: true, id: name, reason: 'protective stop' });

    if (trade) {
      if (quantity === 0) {
        memory.trades.delete(symbol);
        return target(symbol, 0, { reason: 'stopped out' });
      }
      const stop = close - trade.side * params.stopAtr * range;
      if ((stop - trade.stop) * trade.side <= 0) return undefined;
      // The new stop goes out before the old one is taken back: at no time is the position without one.
      const old = trade.name;
      trade.stop = stop;
      trade.name = `stop-${symbol}-${++memory.stops}`;
      return [stopOrder(trade.side, Math.abs(quantity), stop, trade.name), cancel(old, { reason: 'stop trails' })];
    }

    const side = close > channel.upper ? 1 : close < channel.lower ? -1 : 0;
    if (side === 0 || !(range > 0)) return undefined;
    const stop = close - side * params.stopAtr * range;
    const name = `stop-${symbol}-${++memory.stops}`;
    memory.trades.set(symbol, { side, stop, name });
    return [
      target(symbol, side * share, { reason: side > 0 ? 'broke out above' : 'broke out below' }),
      stopOrder(side, quantityFor(symbol, share) * 1.01, stop, name),
    ];
  },
});
