import { quantile } from '../../statistics/quantile.js';
import type { Params } from '../../engine/run-result.js';
import type { FloatParam, IntParam, ParamValues } from '../../strategies/params.js';
import { figure, share } from '../evidence/figure-text.js';
import type { Check, CheckSubject, Probe, Step } from './check.js';
import { needsTraining } from './probe-tapes.js';
import { checkResult, pointOf } from './verdict-of-check.js';

/** How far a neighbour is, as a part of the parameter's own value. */
const NEAR = 0.1;
/** More neighbours than this make no clearer picture. */
const MOST = 32;

interface Neighbour {
  readonly probe: Probe;
  /** Mean change of the parameter over the steps, %. */
  readonly change: number;
}

/** A tenth of the value, or a step of the parameter's grid where that is more; of a value at zero a twentieth of its range. */
const shifted = (param: IntParam | FloatParam, value: number, direction: 1 | -1): number => {
  const grid = param.step ?? 0;
  const raw = value === 0 ? (param.max - param.min) / 20 : NEAR * Math.abs(value);
  const size = grid > 0 ? Math.max(grid, Math.round(raw / grid) * grid) : raw;
  const moved = value + direction * size;
  // Twelve digits, so that 0.05 + 0.01 is 0.06.
  return Number(Math.min(param.max, Math.max(param.min, moved)).toPrecision(12));
};

/**
 * One parameter moved the same way in every step. A step that stands at the edge of its range, or whose constraint forbids the move, stays as it is; undefined when more than half of those that
 * trade would.
 */
const neighbour = ({ strategy, steps }: CheckSubject, name: string, direction: 1 | -1): Neighbour | undefined => {
  const param = strategy.params[name];
  if (param === undefined || (param.kind !== 'int' && param.kind !== 'float')) return undefined;
  const moved: Step[] = [];
  let [change, traded, changed] = [0, 0, 0];
  for (const { params, window } of steps) {
    if (params === null) {
      moved.push({ params, window });
      continue;
    }
    const value = Number(params[name]);
    const next = shifted(param, value, direction);
    const own: Params = { ...params, [name]: next };
    const allowed = strategy.constraint?.(own as ParamValues<typeof strategy.params>) ?? true;
    traded++;
    if (next === value || !allowed) {
      moved.push({ params, window });
      continue;
    }
    moved.push({ params: own, window });
    change += value === 0 ? direction * NEAR : (next - value) / Math.abs(value);
    changed++;
  }
  if (changed === 0 || 2 * changed < traded) return undefined;
  const percent = (100 * change) / changed;
  return { probe: { name: `${name} ${percent > 0 ? '+' : ''}${figure(percent, 0)}%`, steps: moved }, change: percent };
};

const neighboursOf = (subject: CheckSubject): readonly Neighbour[] => {
  const numeric = Object.entries(subject.strategy.params).filter(([, { kind }]) => kind === 'int' || kind === 'float');
  const searched = numeric.filter(([, { search }]) => search);
  const all = (searched.length > 0 ? searched : numeric).flatMap(([name]) =>
    ([-1, 1] as const).flatMap(direction => neighbour(subject, name, direction) ?? []),
  );
  // What would train other models is left for when nothing else can be moved.
  const free = all.filter(({ probe }) => !needsTraining(subject, probe));
  return (free.length > 0 ? free : all).slice(0, MOST);
};

/**
 * Each searched parameter a tenth, or a step of its grid, up and down, one at a time, in all windows alike where it can move; a broad plateau keeps earning where a lone spike of a search does not. Choices and
 * switches have no neighbours. A neighbour seen is a configuration tried: on the ledger these runs count as trials.
 *
 * `fail` when most neighbours earn nothing. `warn` when a quarter of them do, or the middle one has less than half of the Sharpe ratio.
 */
export const parameterJitter = (): Check => {
  const identity = { id: 'parameter-jitter', title: 'Neighbouring parameters', family: 'fragility' } as const;
  return {
    ...identity,
    needsProfit: true,
    plan: subject => {
      const neighbours = neighboursOf(subject);
      return neighbours.length === 0
        ? { untested: 'It has no numeric parameter that could be moved a little.' }
        : neighbours.map(({ probe }) => probe);
    },
    judge: (subject, base, outcomes) => {
      const neighbours = neighboursOf(subject);
      const points = outcomes.map((outcome, i) => pointOf(neighbours[i]!.probe.name, neighbours[i]!.change, outcome));
      const earning = points.filter(({ totalReturn }) => (totalReturn ?? 0) > 0).length / points.length;
      const own = base.metrics['sharpe'] ?? null;
      const sharpes = points.flatMap(({ sharpe }) => sharpe ?? []);
      const middle = sharpes.length === 0 ? null : quantile(sharpes, 0.5);
      const poor = own !== null && middle !== null && middle < own / 2;
      const verdict = earning < 0.5 ? 'fail' : earning <= 0.75 || poor ? 'warn' : 'pass';
      const spread =
        sharpes.length === 0 || own === null
          ? ''
          : `, with Sharpe ratios of ${figure(Math.min(...sharpes))} to ${figure(Math.max(...sharpes))} about its own ${figure(own)}`;
      return checkResult(
        identity,
        verdict,
        `${figure(points.filter(({ totalReturn }) => (totalReturn ?? 0) > 0).length, 0)} of ${points.length} neighbouring configurations earn something (${share(earning, 0)})${spread}.`,
        { base: pointOf('as it is', 0, base), points, axis: 'change of one parameter, %' },
      );
    },
  };
};
