import { timeframeMs } from '../../market/timeframe.js';
import { historyBegins } from './history-begins.js';
import type { HistoryPlan } from './history-plan.js';
import { indicatorValues } from './indicator-values.js';
import type { IndicatorValues } from './indicator-values.js';
import type { LeakSubject } from './leak-check.js';

/** Differences below this, in standard deviations of the indicator, are rounding. */
const ROUNDING = 1e-9;
/** A last difference above this did not fade away: it ended. */
const CLIFF = 1e-7;
/** What has lost less than half of its dependence by the end of what was followed does not fade. */
const FADED = 0.5;

/**
 * How an indicator depends on where history begins, seen from the first bar at which an order is taken. `settled`: not at all. `short`: it still fills a window that is longer than
 * the wait. `state`: until something happens that is the same in both, such as a flip. `fading`: less and less, as an exponential average does. `endless`: it does not fade.
 */
export type Dependence = 'settled' | 'short' | 'state' | 'fading' | 'endless';

/** One indicator with how it settles. */
export interface Settling {
  readonly indicator: string;
  readonly dependence: Dependence;
  /** Bars of its own timeframe after which no start differs any more; Infinity when that was not seen. */
  readonly settledAfter: number;
  /** Bars of its own timeframe that have been shown when the first order is taken. */
  readonly before: number;
  /** Largest difference from there on, in standard deviations of the indicator. */
  readonly atWarmup: number;
  /** Largest difference after 1, 2, … bars of history, over symbols, outputs and starts. */
  readonly curve: Float64Array;
}

/** One output on one symbol from one start: its differences, and the bar from which there is none. */
interface Sample {
  readonly difference: Float64Array;
  readonly settledAfter: number;
}

/** Standard deviation, but no less than a thousandth of the usual size: what hardly moves is measured by its size. */
const scaleOf = (values: readonly number[]): number => {
  let [n, mean, squares, size] = [0, 0, 0, 0];
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    n += 1;
    const d = x - mean;
    mean += d / n;
    squares += d * (x - mean);
    size += Math.abs(x);
  }
  return n === 0 ? 1 : Math.max(Math.sqrt(squares / n), (1e-3 * size) / n) || 1;
};

const sampleOf = (whole: IndicatorValues, begun: IndicatorValues, scale: number): Sample => {
  const difference = new Float64Array(begun.ts.length);
  let settledAfter = 0;
  let row = 0;
  for (let i = 0; i < difference.length; i++) {
    while (row < whole.ts.length && whole.ts[row]! < begun.ts[i]!) row++;
    // A bar that the whole history lacks cannot be compared: a longer bar whose beginning was left out is not built.
    if (whole.ts[row] !== begun.ts[i]) continue;
    const [a, b] = [whole.value[row]!, begun.value[i]!];
    const d = Object.is(a, b) ? 0 : Math.abs(a - b) / scale;
    // A value in one and none in the other is a whole standard deviation apart.
    difference[i] = Number.isFinite(d) ? d : 1;
    if (difference[i]! > ROUNDING) settledAfter = i + 2;
  }
  return { difference, settledAfter: Math.max(1, settledAfter) };
};

const largest = (values: Float64Array, from: number, to = values.length): number => {
  let most = 0;
  for (let i = Math.max(0, from); i < to; i++) if (values[i]! > most) most = values[i]!;
  return most;
};

/** A window that fills ends on the same bar from wherever it began, and with a difference that is no rounding. */
const isWindow = (samples: readonly Sample[], last: number): boolean => {
  const ended = samples.filter(
    ({ settledAfter, difference }) => settledAfter >= last - 1 && (difference[settledAfter - 2] ?? 0) > CLIFF,
  ).length;
  return ended >= 0.75 * samples.length;
};

const dependenceOf = (samples: readonly Sample[], curve: Float64Array, settledAfter: number, before: number): Dependence => {
  if (settledAfter <= before) return 'settled';
  if (settledAfter <= curve.length) {
    if (isWindow(samples, settledAfter)) return 'short';
    const hasEnd = samples.some(({ settledAfter: k, difference }) => k > before && (difference[k - 2] ?? 0) > CLIFF);
    return hasEnd ? 'state' : 'fading';
  }
  const tail = curve.length - Math.max(1, Math.floor(curve.length / 10));
  return largest(curve, tail) > FADED * largest(curve, before - 1, Math.max(before, tail)) ? 'endless' : 'fading';
};

/**
 * Every indicator of the strategy computed on history that begins at each start of the plan, against its values on the whole history. A feature is a fold over bars, so this is exact: what
 * differs is what it still remembers of the beginning.
 */
export const settling = async (
  subject: LeakSubject,
  plan: HistoryPlan,
  onRun: () => void | Promise<void> = () => undefined,
): Promise<readonly Settling[]> => {
  const { starts, horizon, length, warmup } = plan;
  const ends = starts.map(start => start + horizon * length);
  const isFollowed = (ts: number): boolean => starts.some((start, k) => ts > start && ts <= ends[k]!);
  const whole = await indicatorValues(subject, subject.chunks, { from: starts[0]!, to: Math.max(...ends) }, isFollowed);
  await onRun();
  const scales = new Map([...whole].map(([key, { value }]) => [key, scaleOf(value)]));
  const samples = new Map<string, Sample[]>();
  const beforeOf = new Map<string, number>();
  for (const [k, from] of starts.entries()) {
    const begun = await indicatorValues(subject, historyBegins(subject.chunks, from), { from, to: ends[k]! });
    await onRun();
    for (const [key, values] of begun) {
      const reference = whole.get(key);
      if (reference === undefined) continue;
      const { indicator, timeframe } = values;
      // On bars of several timeframes an indicator is several: the fast one has seen more bars when the slow one has seen enough.
      const name = timeframe === subject.config.timeframe ? indicator : `${indicator} on ${timeframe}`;
      const list = samples.get(name) ?? [];
      if (list.length === 0) samples.set(name, list);
      list.push(sampleOf(reference, values, scales.get(key) ?? 1));
      beforeOf.set(name, Math.max(1, Math.floor((warmup * length) / timeframeMs(timeframe))));
    }
  }
  return [...samples].map(([indicator, list]) => {
    const before = beforeOf.get(indicator) ?? 1;
    const curve = new Float64Array(Math.max(...list.map(({ difference }) => difference.length)));
    for (const { difference } of list) for (let i = 0; i < difference.length; i++) curve[i] = Math.max(curve[i]!, difference[i]!);
    const settledAfter = Math.max(...list.map(sample => sample.settledAfter));
    return {
      indicator,
      dependence: dependenceOf(list, curve, settledAfter, before),
      settledAfter: settledAfter > curve.length ? Infinity : settledAfter,
      before,
      atWarmup: largest(curve, before - 1),
      curve,
    };
  });
};
