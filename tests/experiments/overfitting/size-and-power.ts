import { deflatedSharpe, trialsOf } from '../../../src/experiments/overfitting/dsr.js';
import { clusterReturns } from '../../../src/experiments/overfitting/cluster-returns.js';
import { effectiveTrials } from '../../../src/experiments/overfitting/effective-trials.js';
import { haircutSharpe } from '../../../src/experiments/overfitting/haircut-sharpe.js';
import { probabilityOfOverfitting } from '../../../src/experiments/overfitting/pbo.js';
import { observedSharpe, probabilisticSharpe } from '../../../src/experiments/overfitting/psr.js';
import { realityCheck } from '../../../src/experiments/overfitting/reality-check.js';
import { stepwiseTest } from '../../../src/experiments/overfitting/stepwise.js';
import { superiorPredictiveAbility } from '../../../src/experiments/overfitting/superior-predictive-ability.js';
import { random } from '../../../src/random.js';

/** Days of a crypto year. */
const YEAR = 365;
const LEVEL = 0.05;

/** What the strategies are worth. */
export interface World {
  readonly name: string;
  /** Variants of one idea: 1 for unrelated strategies. They hold the idea's position on nine days of ten. */
  readonly variants: number;
  /** Annual Sharpe ratio of the one strategy that has an edge; 0 where none has. */
  readonly edge: number;
}

export const WORLDS: readonly World[] = [
  { name: 'noise', variants: 1, edge: 0 },
  { name: 'noise, variants', variants: 20, edge: 0 },
  { name: 'edge 4', variants: 1, edge: 4 },
  { name: 'edge 6', variants: 1, edge: 6 },
];

export interface StudyOptions {
  readonly strategies: number;
  readonly days: number;
  readonly resamples: number;
  readonly seeds: number;
}

/** How often one test believed in the best strategy. */
export interface StudyRow {
  readonly world: string;
  readonly test: string;
  readonly seeds: number;
  /** Share of seeds in which the test believed: its size where there is no edge, its power where there is. */
  readonly believed: number;
  /** Its standard error with two of each kind added (Agresti & Coull 1998), so that a share of 0 is not taken for certain. */
  readonly error: number;
  /** Share in which it believed in the strategy that has the edge. */
  readonly right: number;
}

/** Random long and short positions in one made-up market whose volatility clusters. The strategy in the middle has the edge, if any. */
const strategiesOf = ({ variants, edge }: World, count: number, days: number, seed: number | string): Float64Array[] => {
  const draw = random(seed);
  const market = new Float64Array(days);
  let mood = 0;
  for (let t = 0; t < days; t++) {
    mood = 0.95 * mood + 0.15 * draw.normal();
    market[t] = 0.03 * Math.exp(mood) * draw.normal();
  }
  const spread = observedSpread(market);
  let idea = new Float64Array(days);
  return Array.from({ length: count }, (_, k) => {
    if (k % variants === 0) {
      let side = draw.next() < 0.5 ? 1 : -1;
      idea = idea.map(() => (side = draw.next() < 0.1 ? -side : side));
    }
    const gain = k === Math.floor(count / 2) ? (edge / Math.sqrt(YEAR)) * spread : 0;
    return market.map((r, t) => gain + r * (variants > 1 && draw.next() < 0.1 ? -idea[t]! : idea[t]!));
  });
};

const observedSpread = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** Which strategies each test believes in; the best by Sharpe ratio, or none, but for the stepwise test. */
const verdicts = (returns: readonly Float64Array[], resamples: number, seed: number | string): Record<string, readonly number[]> => {
  const observed = returns.map(observedSharpe);
  const sharpes = observed.map(({ sharpe }) => sharpe);
  const best = sharpes.indexOf(Math.max(...sharpes));
  const bestIf = (believes: boolean): readonly number[] => (believes ? [best] : []);
  const check = realityCheck(returns, { samples: resamples, seed });
  const options = { samples: resamples, seed, meanBlock: check.meanBlock };
  const ability = superiorPredictiveAbility(returns, options);
  const { byEigenvalues, cluster } = effectiveTrials(returns, { most: 200 });
  const trials = trialsOf(sharpes);
  const ideas = trialsOf(clusterReturns(returns, cluster).map(r => observedSharpe(r).sharpe));
  const haircut = haircutSharpe({ sharpes, observations: returns[0]!.length });
  return {
    'naive (PSR of the best)': bestIf(probabilisticSharpe(observed[best]!) > 1 - LEVEL),
    'DSR, all trials': bestIf(deflatedSharpe(observed[best]!, trials) > 1 - LEVEL),
    'DSR, eigenvalues': bestIf(deflatedSharpe(observed[best]!, { ...trials, count: byEigenvalues }) > 1 - LEVEL),
    'DSR, clusters': bestIf(deflatedSharpe(observed[best]!, ideas) > 1 - LEVEL),
    'PBO at most 5 %': bestIf(probabilityOfOverfitting(returns, 10).pbo <= LEVEL),
    'reality check': check.pValue <= LEVEL ? [check.best] : [],
    'SPA, consistent': ability.consistent <= LEVEL ? [ability.best] : [],
    stepwise: [...stepwiseTest(returns, options).pValues].flatMap((p, k) => (p <= LEVEL ? [k] : [])),
    'haircut, Bonferroni': bestIf(haircut.bonferroni.pValue <= LEVEL),
    'haircut, BHY': bestIf(haircut.bhy.pValue <= LEVEL),
  };
};

/** How often each test believes in the best of many strategies in one world; a standard error beside each share. */
export const sizeAndPower = (world: World, { strategies, days, resamples, seeds }: StudyOptions): StudyRow[] => {
  const believed = new Map<string, number>();
  const right = new Map<string, number>();
  const add = (counts: Map<string, number>, test: string, one: boolean) => counts.set(test, (counts.get(test) ?? 0) + (one ? 1 : 0));
  for (let seed = 0; seed < seeds; seed++) {
    const returns = strategiesOf(world, strategies, days, `${world.name}/${seed}`);
    for (const [test, chosen] of Object.entries(verdicts(returns, resamples, seed))) {
      add(believed, test, chosen.length > 0);
      add(right, test, world.edge > 0 && chosen.includes(Math.floor(strategies / 2)));
    }
  }
  return [...believed].map(([test, count]) => {
    const share = (count + 2) / (seeds + 4);
    const error = Math.sqrt((share * (1 - share)) / (seeds + 4));
    return { world: world.name, test, seeds, believed: count / seeds, error, right: right.get(test)! / seeds };
  });
};
