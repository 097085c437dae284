import { roc } from '../../features/momentum/roc.js';
import { target } from '../intent.js';
import { int } from '../params.js';
import { defineStrategy } from '../strategy.js';

/**
 * Ranks the universe by past return at one instant; long the best, short the worst, in equal parts, market-neutral. It decides on slices: a rank over bars of
 * different instants would compare the past of one symbol with the present of another.
 */
export default defineStrategy({
  name: 'cross-sectional-momentum',
  description: 'Long the strongest symbols of the universe and short the weakest, in equal parts.',
  params: {
    lookback: int(24, 1440, { default: 336, step: 24 }),
    each: int(1, 10, { default: 1 }),
    rebalance: int(1, 336, { default: 24 }),
  },
  indicators: p => ({ momentum: roc(p.lookback) }),
  memory: (): { slices: number; traded: Set<string>; universe: readonly string[] } => ({ slices: 0, traded: new Set(), universe: [] }),
  decideSlice: (slice, indicators, { params, memory, universe }) => {
    // What has left the universe is closed at once, not at the next ranking. Only another universe can lack what was traded in the last one.
    const left = universe === memory.universe ? [] : [...memory.traded].filter(symbol => !universe.includes(symbol)).sort();
    memory.universe = universe;
    for (const symbol of left) memory.traded.delete(symbol);
    const exits = left.map(symbol => target(symbol, 0, { reason: 'left the universe' }));
    if (memory.slices++ % params.rebalance !== 0) return exits;
    const ranked = universe
      .filter(symbol => slice.bars.has(symbol))
      .map(symbol => ({ symbol, momentum: indicators(symbol).momentum }))
      .filter(entry => Number.isFinite(entry.momentum))
      // Equal returns are ranked by name, so that the order of the data never decides.
      .sort((a, b) => b.momentum - a.momentum || (a.symbol < b.symbol ? -1 : 1));
    const each = Math.min(params.each, Math.floor(ranked.length / 2));
    if (each === 0) return exits;
    const best = new Set(ranked.slice(0, each).map(entry => entry.symbol));
    const worst = new Set(ranked.slice(-each).map(entry => entry.symbol));
    const share = 0.5 / each;
    for (const symbol of [...best, ...worst]) memory.traded.add(symbol);
    const targets = universe.map(symbol =>
      best.has(symbol)
        ? target(symbol, share, { reason: 'among the strongest' })
        : worst.has(symbol)
          ? target(symbol, -share, { reason: 'among the weakest' })
          : target(symbol, 0, { reason: 'in the middle' }),
    );
    return [...exits, ...targets];
  },
});
