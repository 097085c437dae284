import { bracket, execute, oco } from '../../src/strategies/execution-intent.js';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { float } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';

/** Has things worked at random: brackets, linked orders, icebergs, slices by time and by volume, targets between them, and cancels of them. Seeded by the run. */
export const executingStrategy = defineStrategy({
  name: 'executing',
  params: { size: float(0.1, 20, { default: 0.3 }) },
  memory: () => ({ made: 0 }),
  decide: ({ symbol, close, low, high }, _, { params, memory, random, equity }) => {
    const dice = random();
    const side = random() < 0.5 ? 'buy' : 'sell';
    const sign = side === 'buy' ? 1 : -1;
    const quantity = (params.size * equity * (0.2 + random())) / close;
    const id = `x${++memory.made}`;
    const away = Math.max(0.004 * close, high - low);
    if (dice < 0.15)
      return bracket({ symbol, side, quantity, stop: close - sign * away, target: close + sign * 1.5 * away, id, reason: 'bracketed' });
    if (dice < 0.25)
      return oco([
        order({ symbol, side: 'buy', quantity, limit: close - away, id: `${id}a` }),
        order({ symbol, side: 'sell', quantity, limit: close + away, id: `${id}b` }),
      ]);
    if (dice < 0.35)
      return execute({
        algorithm: 'iceberg',
        symbol,
        side,
        quantity,
        limit: close - sign * 0.2 * away,
        display: quantity / 4,
        id,
        reason: 'hidden',
      });
    if (dice < 0.5)
      return execute({ algorithm: 'twap', symbol, side, quantity, duration: 5 * HOUR, slices: 7, jitter: 0.3, id, reason: 'in time' });
    if (dice < 0.58) return execute({ algorithm: 'vwap', symbol, side, quantity, duration: 4 * HOUR, slices: 5, id, reason: 'by volume' });
    if (dice < 0.66)
      return execute({ algorithm: 'pov', symbol, side, quantity, share: 0.1, duration: 6 * HOUR, id, reason: 'a share of it' });
    if (dice < 0.76) return target(symbol, sign * params.size * random(), { reason: 'aim' });
    if (dice < 0.84) return cancel(`x${Math.max(1, memory.made - 2)}`);
    return undefined;
  },
});
