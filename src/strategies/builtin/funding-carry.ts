import type { Symbol } from '../../market/instrument.js';
import { target } from '../intent.js';
import { float, int } from '../params.js';
import { defineStrategy } from '../strategy.js';

/**
 * Takes the side that is paid: short while longs pay well, long while shorts do, flat in between. Unhedged, so the price moves of the perpetual dwarf the carry; it shows
 * what the funding premium alone is worth as a signal. It sees settled rates only, each from the moment it was published.
 */
export default defineStrategy({
  name: 'funding-carry',
  description: 'Takes the side that receives funding while the average settled rate is far enough from zero.',
  params: {
    settlements: int(1, 42, { default: 9 }),
    threshold: float(0.00001, 0.001, { default: 0.0001, log: true }),
  },
  memory: () => ({ rates: new Map<Symbol, { last: number; values: number[] }>() }),
  decide: (bar, _, { params, memory, funding, universe }) => {
    const settled = funding(bar.symbol);
    if (!settled) return undefined;
    const known = memory.rates.get(bar.symbol) ?? { last: NaN, values: [] };
    memory.rates.set(bar.symbol, known);
    if (settled.ts !== known.last) {
      known.last = settled.ts;
      known.values.push(settled.rate);
      if (known.values.length > params.settlements) known.values.shift();
    }
    if (known.values.length < params.settlements) return undefined;
    const average = known.values.reduce((sum, rate) => sum + rate, 0) / known.values.length;
    const share = 1 / universe.length;
    if (average > params.threshold) return target(bar.symbol, -share, { reason: 'longs pay' });
    if (average < -params.threshold) return target(bar.symbol, share, { reason: 'shorts pay' });
    return target(bar.symbol, 0, { reason: 'nobody pays enough' });
  },
});
