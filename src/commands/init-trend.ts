/** The strategy of `--template trend`. */
export const INIT_TREND = `import { bars, defineStrategy, ema, int, target } from 'quantai-trad';

/** Follows the trend on both sides: long above a rising average, short below a falling one, flat in between. */
export default defineStrategy({
  name: 'my-strategy',
  // Each is searched by \`quantai walkforward\` between its bounds; \`quantai backtest\` takes the default, or --param fast=12.
  params: { fast: int(6, 48, { default: 24, step: 6 }), slow: int(72, 336, { default: 168, step: 24 }) },
  constraint: p => p.fast < p.slow,
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  // Declared here and not computed in \`decide\`: the platform warms them up and checks that they do not look ahead.
  indicators: p => ({ fast: ema(p.fast), slow: ema(p.slow) }),
  // Called at each close. The exposure is signed notional ÷ equity: at most half the equity, shared by the symbols.
  decide: (bar, { fast, slow }, { universe }) => {
    const share = 0.5 / universe.length;
    if (fast > slow && bar.close > slow) return target(bar.symbol, share, { reason: 'trend up' });
    if (fast < slow && bar.close < slow) return target(bar.symbol, -share, { reason: 'trend down' });
    return target(bar.symbol, 0, { reason: 'no trend' });
  },
});
`;
