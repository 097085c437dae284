import { bars, defineStrategy, float, target } from 'quantai-trad';

/**
 * Coins bought with cash, as many sold as a perpetual: what is left is the funding. Entered while it pays, left when it costs.
 *
 *     quantai backtest examples/hedged-carry.ts --dataset mine   (a dataset with a perpetual and its spot symbol)
 */
export default defineStrategy({
  name: 'hedged-carry',
  description: 'Long spot and short the perpetual while the last funding rates were paid to shorts',
  params: { share: float(0.1, 0.7, { default: 0.5 }), enter: float(0, 0.001, { default: 0.00005 }) },
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  memory: () => ({ mean: NaN }),
  decideSlice: ({ bars: at }, _, { params, memory, universe, funding }) => {
    const perpetual = universe.find(symbol => symbol.includes(':'));
    const spot = universe.find(symbol => !symbol.includes(':'));
    if (perpetual === undefined || spot === undefined || !at.has(perpetual) || !at.has(spot)) return;
    const rate = funding(perpetual)?.rate ?? 0;
    // A week of settlements, the newest counting most.
    memory.mean = Number.isNaN(memory.mean) ? rate : memory.mean + (rate - memory.mean) / 10;
    const share = memory.mean > params.enter ? params.share : memory.mean < 0 ? 0 : undefined;
    return share === undefined ? undefined : [target(spot, share, { reason: 'carry' }), target(perpetual, -share, { reason: 'hedge' })];
  },
});
