import type { Instrument } from '../../../src/market/instrument.js';
import type { Chunk } from '../../../src/events/market.js';
import type { EvaluationShared } from '../../../src/experiments/evaluation.js';
import { handle } from '../../../src/experiments/evaluate.js';
import { score } from '../../../src/experiments/objective.js';
import { samplerOf } from '../../../src/experiments/samplers/sampler-config.js';
import type { SamplerConfig } from '../../../src/experiments/samplers/sampler-config.js';
import { rolling } from '../../../src/experiments/splits/rolling.js';
import type { Fold } from '../../../src/experiments/splits/fold.js';
import { canonicalJson } from '../../../src/datasets/canonical-json.js';
import { runConfig } from '../../../src/sim/run-defaults.js';
import donchian from '../../../src/strategies/builtin/donchian-breakout.js';
import type { Params } from '../../../src/engine/run-result.js';
import { costOf } from './partial-evidence.js';
import type { Look } from './partial-evidence.js';

/** What a walk-forward searches: mean Sharpe of donchian-breakout over the training windows, on the last `share` of each. */
export interface WalkObjective {
  value(params: Params, share: number): Promise<number | null>;
  /** Different evaluations so far. */
  evaluations(): number;
}

const OBJECTIVE = { metric: 'sharpe', minimumTrades: 3 };

/** Of hourly bars; each configuration is evaluated once however many searches ask for it. */
export const walkObjective = (
  chunks: readonly Chunk[],
  instrument: Instrument,
  { train = '180d', test = '90d', folds: count = 3 }: { readonly train?: string; readonly test?: string; readonly folds?: number } = {},
): WalkObjective => {
  const bars = chunks.find(({ kind, symbol }) => kind === 'bars' && symbol === instrument.symbol)!;
  const span = { from: bars.ts[0]!, to: bars.ts[bars.rows - 1]! + 3_600_000 };
  const folds: readonly Fold[] = rolling(span, { train, test }).slice(0, count);
  const shared: EvaluationShared = {
    strategy: { builtin: 'donchian-breakout' },
    bundle: 'builtin:donchian-breakout',
    instruments: [instrument],
    config: runConfig({ exchange: instrument.exchange, ...span, symbols: [instrument.symbol], timeframe: '1h' }),
    chunks,
  };
  const known = new Map<string, Promise<number | null>>();
  const evaluate = async (params: Params, share: number): Promise<number | null> => {
    let sum = 0;
    for (const { train: window } of folds) {
      const from = window.to - Math.round((share * (window.to - window.from)) / 3_600_000) * 3_600_000;
      const job = { window: { from, to: window.to }, capital: 10_000, configurations: [params], keep: 'metrics' as const };
      const [evaluation] = await handle(job, shared, undefined);
      const value = score(OBJECTIVE, evaluation!.metrics);
      if (value === null) return null;
      sum += value;
    }
    return sum / folds.length;
  };
  return {
    value: (params, share) => {
      const key = `${share} ${canonicalJson(params)}`;
      const found = known.get(key) ?? evaluate(params, share);
      known.set(key, found);
      return found;
    },
    evaluations: () => known.size,
  };
};

const samplerFor = (config: SamplerConfig, seed: number) =>
  samplerOf(config, { space: donchian.params, fixed: {}, constraint: params => donchian.constraint?.(params as never) ?? true }, seed);

/** Best objective so far after each trial in full, one curve a seed; −Infinity while nothing was eligible. */
export const walkCurves = async (
  objective: WalkObjective,
  config: SamplerConfig,
  trials: number,
  seeds: number,
): Promise<Float64Array[]> => {
  const curves: Float64Array[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const sampler = samplerFor(config, seed);
    const curve = new Float64Array(trials).fill(-Infinity);
    let [best, done] = [-Infinity, 0];
    while (done < trials) {
      const asked = sampler.ask(Math.min(sampler.batch, trials - done));
      if (asked.length === 0) break;
      const observations = [];
      for (const params of asked) {
        const value = await objective.value(params, 1);
        best = Math.max(best, value ?? -Infinity);
        curve[done++] = best;
        observations.push({ params, objective: value, objectives: value === null ? null : [value] });
      }
      sampler.tell(observations);
    }
    curves.push(curve.fill(best, done));
  }
  return curves;
};

/** Halving against the full search of the same random configurations on the walk-forward objective: the winners, and the cost as a share. */
export const walkHalving = async (
  objective: WalkObjective,
  trials: number,
  seeds: number,
): Promise<{ readonly same: number; readonly cost: number; readonly meanLoss: number }> => {
  let [same, cost, loss] = [0, 0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const search = async (config: SamplerConfig): Promise<readonly Look[]> => {
      // Asked for beforehand rung by rung, because a look is awaited.
      const sampler = samplerFor(config, seed);
      const looks: Look[] = [];
      for (;;) {
        const asked = sampler.ask(sampler.batch);
        if (asked.length === 0) return looks;
        const share = sampler.share ?? 1;
        const answers: Look[] = [];
        for (const params of asked) answers.push({ params, share, objective: await objective.value(params, share) });
        looks.push(...answers);
        sampler.tell(answers);
      }
    };
    const of = { kind: 'random' as const, trials };
    const [full, halved] = [await search(of), await search({ kind: 'halving', of, eta: 3, rungs: 3 })];
    const best = (looks: readonly Look[]) =>
      looks.filter(({ share }) => share === 1).toSorted((a, b) => (b.objective ?? -Infinity) - (a.objective ?? -Infinity))[0]!;
    const [one, other] = [best(full), best(halved)];
    if (canonicalJson(one.params) === canonicalJson(other.params)) same++;
    loss += (one.objective ?? 0) - (other.objective ?? 0);
    cost = Math.max(cost, costOf(halved) / costOf(full));
  }
  return { same: same / seeds, cost, meanLoss: loss / seeds };
};
