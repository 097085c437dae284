import { target } from '../intent.js';
import { float } from '../params.js';
import { defineStrategy } from '../strategy.js';

/** Buys at the first bar, in equal parts, and never trades again: what every other strategy has to beat after costs. */
export default defineStrategy({
  name: 'buy-and-hold',
  description: 'Buys every symbol in equal parts at its first bar and holds.',
  params: { exposure: float(0.1, 3, { default: 1, step: 0.1 }) },
  decide: (bar, _, { params, universe }) => target(bar.symbol, params.exposure / universe.length, { reason: 'hold' }),
});
