import { defineStrategy, int, roc, target } from 'quantai-trad';

/**
 * One idea: decide on a slice. `decideSlice` is called once per instant with the bars of all symbols, so a rank never compares the past of one symbol with
 * the present of another. `slice.missing` names the members of the universe that have no bar in this instant; here such slices are left alone.
 *
 *     quantai backtest examples/cross-section.ts --dataset sample
 */
export default defineStrategy({
  name: 'cross-section',
  description: 'Short-term reversal: long what fell most, short what rose most, half of equity each.',
  params: { lookback: int(6, 168, { default: 48, step: 6 }), every: int(6, 168, { default: 24, step: 6 }) },
  indicators: p => ({ rise: roc(p.lookback) }),
  memory: () => ({ slices: 0 }),
  decideSlice: (slice, indicators, { params, memory, universe }) => {
    if (slice.missing.length > 0 || memory.slices++ % params.every !== 0) return undefined;
    const ranked = universe
      .map(symbol => ({ symbol, rise: indicators(symbol).rise }))
      .filter(({ rise }) => Number.isFinite(rise))
      // Equal returns are ranked by name, so that the order of the data never decides.
      .sort((a, b) => a.rise - b.rise || (a.symbol < b.symbol ? -1 : 1));
    if (ranked.length < 2) return undefined;
    const loser = ranked[0]?.symbol;
    const winner = ranked.at(-1)?.symbol;
    return universe.map(symbol =>
      symbol === loser
        ? target(symbol, 0.5, { reason: 'fell most' })
        : symbol === winner
          ? target(symbol, -0.5, { reason: 'rose most' })
          : target(symbol, 0, { reason: 'in between' }),
    );
  },
});
