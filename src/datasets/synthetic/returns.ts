import type { Random } from '../../random.js';
import { YEAR } from '../../time.js';
import type { CheckedSyntheticConfig, PlantedTruth } from './config.js';

/** Steps of the path inside a bar: enough for highs and lows that lie beyond open and close, and for a path between them. */
export const STEPS = 8;

type Kind = PlantedTruth['kind'];
const find = <K extends Kind>(truths: readonly PlantedTruth[], kind: K): Extract<PlantedTruth, { kind: K }> | undefined =>
  truths.find((each): each is Extract<PlantedTruth, { kind: K }> => each.kind === kind);

/** One bar of one market: the logarithmic return of each step, and the standard deviation that the bar was drawn with. */
export interface BarDraw {
  readonly steps: Float64Array;
  sigma: number;
}

/** Hidden Markov state of the market: leaves its state with probability 1 ÷ meanBars at each bar for one of the others. */
const regimeWalk = (truths: readonly PlantedTruth[], source: Random): (() => { perYear: number; volatility: number }) => {
  const states = find(truths, 'regimes')?.states;
  if (states === undefined) return () => ({ perYear: 0, volatility: 1 });
  let current = source.int(states.length);
  return () => {
    const state = states[current] ?? { perYear: 0, volatility: 1, meanBars: 1 };
    if (source.next() * state.meanBars < 1) current = (current + 1 + source.int(states.length - 1)) % states.length;
    return state;
  };
};

/**
 * Draws returns bar by bar for all markets. One common factor gives every pair the correlation; each bar's expected return is the sum of the
 * planted truths, known before the bar, spread evenly over its steps. Truth `none` has the expectation that makes the price a martingale.
 */
export const drawReturns = (config: CheckedSyntheticConfig, barMs: number, source: Random): ((draws: readonly BarDraw[]) => void) => {
  const { markets, truths, correlation } = config;
  const barsPerYear = YEAR / barMs;
  const common = source.fork('common');
  const own = markets.map(({ symbol }) => source.fork(`own/${symbol}`));
  const jumpSource = markets.map(({ symbol }) => source.fork(`jumps/${symbol}`));
  const regime = regimeWalk(truths, source.fork('regimes'));
  const garch = find(truths, 'volatility-clustering');
  const phi = find(truths, 'autocorrelation')?.coefficient ?? 0;
  const drift = (find(truths, 'drift')?.perYear ?? 0) / barsPerYear;
  const halfLife = find(truths, 'mean-reversion')?.halfLifeBars;
  const kappa = halfLife === undefined ? 0 : 1 - Math.exp(-Math.LN2 / halfLife);
  const momentum = find(truths, 'cross-sectional-momentum');
  const jumps = find(truths, 'jumps');
  const isMartingale = find(truths, 'none') !== undefined;
  const variance = markets.map(({ volatility }) => (volatility * volatility) / barsPerYear);
  const current = Float64Array.from(variance);
  const previous = new Float64Array(markets.length);
  const level = new Float64Array(markets.length);
  const lookback = momentum?.lookbackBars ?? 0;
  const recent = markets.map(() => new Float64Array(lookback));
  const leads = new Float64Array(markets.length);
  const [wCommon, wOwn] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const factor = new Float64Array(STEPS);
  let bar = 0;
  return draws => {
    const state = regime();
    for (let k = 0; k < STEPS; k++) factor[k] = common.normal();
    let meanLead = 0;
    for (let m = 0; m < markets.length; m++) {
      let lead = 0;
      for (const value of recent[m] ?? []) lead += value;
      leads[m] = lookback === 0 ? 0 : lead / lookback;
      meanLead += (leads[m] ?? 0) / markets.length;
    }
    for (let m = 0; m < markets.length; m++) {
      const draw = draws[m];
      const noise = own[m];
      if (draw === undefined || noise === undefined) continue;
      const base = variance[m] ?? 0;
      const sigma = Math.sqrt(current[m] ?? base) * state.volatility;
      let expected = drift + state.perYear / barsPerYear + phi * (previous[m] ?? 0) - kappa * (level[m] ?? 0);
      if (momentum !== undefined) expected += momentum.strength * ((leads[m] ?? 0) - meanLead);
      if (isMartingale) expected -= (sigma * sigma) / 2;
      const perStep = sigma / Math.sqrt(STEPS);
      let shock = 0;
      for (let k = 0; k < STEPS; k++) {
        const innovation = perStep * (wCommon * (factor[k] ?? 0) + wOwn * noise.normal());
        shock += innovation;
        draw.steps[k] = expected / STEPS + innovation;
      }
      const dice = jumpSource[m];
      if (jumps !== undefined && dice !== undefined && dice.next() * barsPerYear < jumps.perYear) {
        const at = dice.int(STEPS);
        draw.steps[at] = (draw.steps[at] ?? 0) + jumps.size * dice.normal();
      }
      draw.sigma = sigma;
      let total = 0;
      for (const step of draw.steps) total += step;
      previous[m] = total;
      level[m] = (level[m] ?? 0) + total;
      const window = recent[m];
      if (window !== undefined && lookback > 0) window[bar % lookback] = total;
      if (garch !== undefined) {
        const unscaled = shock / state.volatility;
        current[m] = base * (1 - garch.alpha - garch.beta) + garch.alpha * unscaled * unscaled + garch.beta * (current[m] ?? base);
      }
    }
    bar += 1;
  };
};
