import { sma } from '../../src/features/trend/sma.js';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { float, int } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';

/** Does a bit of everything at random: targets, limits, stops, cancels. Seeded by the run, so it is still deterministic. */
export const busyStrategy = defineStrategy({
  name: 'busy',
  params: { length: int(2, 20, { default: 5 }), size: float(0.1, 2, { default: 0.8 }) },
  indicators: p => ({ mean: sma(p.length) }),
  memory: () => ({ orders: 0 }),
  decide: (bar, { mean }, { params, memory, random, position, equity, plot }) => {
    plot('mean', mean);
    const { symbol, close } = bar;
    const dice = random();
    const size = (params.size * equity * random()) / close;
    if (dice < 0.2) return target(symbol, close > mean ? params.size : -params.size, { reason: 'side of the mean' });
    if (dice < 0.3) return target(symbol, 0, { reason: 'out' });
    const side = random() < 0.5 ? 'buy' : 'sell';
    const away = side === 'buy' ? 1 - 0.01 * random() : 1 + 0.01 * random();
    const id = `n${++memory.orders}`;
    if (dice < 0.5) return order({ symbol, side, quantity: size, limit: close * away, id, postOnly: random() < 0.3, reason: 'rest' });
    if (dice < 0.6) return order({ symbol, side, quantity: size, stop: close * (2 - away), id, reason: 'breakout' });
    if (dice < 0.65) return order({ symbol, side, quantity: size, limit: close * (2 - away), tif: 'ioc', reason: 'cross' });
    if (dice < 0.75 && position(symbol).quantity !== 0)
      return order({
        symbol,
        side: position(symbol).quantity > 0 ? 'sell' : 'buy',
        quantity: Math.abs(position(symbol).quantity),
        stop: close * (position(symbol).quantity > 0 ? 0.99 : 1.01),
        reduceOnly: true,
        id,
        reason: 'protect',
      });
    if (dice < 0.85 && memory.orders > 2) return cancel(`n${memory.orders - 1 - Math.floor(random() * 3)}`);
    return undefined;
  },
});
