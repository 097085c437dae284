import { timeframeMs } from '../../market/timeframe.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { DAY, formatDate } from '../../time.js';
import { figure, share } from '../evidence/figure-text.js';
import { startDates } from '../sensitivity/start-dates.js';
import { barCloses } from '../window-chunks.js';
import type { Check, CheckPoint, CheckSubject, ProbeOutcome, Step } from './check.js';
import { damageVerdict, drawnDamage } from './damage.js';
import { compounded, maxDrawdownOf } from './return-path.js';
import { checkResult, untestedResult } from './verdict-of-check.js';

/** Starts lie within this part of the history. */
const FIRST_PART = 4;
/** Fewer bars than this between two starts are no other start. */
const LEAST_APART = 2;

const windowsFrom = (steps: readonly Step[], start: number): Step[] =>
  steps.flatMap(({ params, window }) =>
    window.to <= start ? [] : [{ params, window: { from: Math.max(window.from, start), to: window.to } }],
  );

const startsOf = ({ shared: { chunks, config }, steps }: CheckSubject, count: number): Float64Array => {
  const [from, to] = [steps[0]!.window.from, steps.at(-1)!.window.to];
  const barMs = timeframeMs(config.timeframe);
  const opens = barCloses(chunks, config.timeframe, barMs, { from, to }).map(close => close - barMs);
  const within = Math.floor(opens.length / FIRST_PART);
  if (within < count * LEAST_APART) return new Float64Array();
  return startDates({ from, to, opens }, { count: count + 1, within }).subarray(1);
};

/** The last days of a run, which all starts have. */
const commonPoint = (label: string, x: number, returns: Float64Array, perYear: number): CheckPoint => {
  const sharpe = (mean(returns) / standardDeviation(returns)) * Math.sqrt(perYear);
  return {
    label,
    x,
    sharpe: Number.isFinite(sharpe) ? sharpe : null,
    totalReturn: compounded(returns),
    maxDrawdown: maxDrawdownOf(returns),
    trades: null,
  };
};

/**
 * The run begun on later days, all judged on the days that all of them have. Warm-up, rebalancing days and what is held count from the start; what is left of an honest result does not care.
 * `fail` when the others earn nothing there by more than their own scatter explains; `warn` when they earn less than half, or one of them nothing.
 */
export const startDateCheck = (count = 5): Check => {
  const identity = { id: 'start-date', title: 'Start date', family: 'fragility' } as const;
  return {
    ...identity,
    needsProfit: true,
    plan: subject => {
      const starts = startsOf(subject, count);
      return starts.length === 0
        ? { untested: 'The history is too short to begin later in it.' }
        : [...starts].map(start => ({ name: `from ${formatDate(start)}`, steps: windowsFrom(subject.steps, start) }));
    },
    judge: (subject, base, outcomes) => {
      const starts = startsOf(subject, count);
      // The first day of the latest start is not whole.
      const days = Math.min(...outcomes.map(({ returns }) => returns.length)) - 1;
      if (days < 2) return untestedResult(identity, 'There are too few days that all starts have.');
      const tail = ({ returns }: ProbeOutcome): Float64Array => returns.subarray(returns.length - days);
      const own = tail(base);
      const earned = compounded(own);
      if (!(mean(own) > 0 && earned > 0)) return untestedResult(identity, 'On the days that all starts have it earns nothing as it is.');
      const others = outcomes.map(tail);
      const begin = subject.steps[0]!.window.from;
      const perYear = timeframeMs(subject.shared.config.timeframe) > DAY ? (365 * DAY) / timeframeMs(subject.shared.config.timeframe) : 365;
      const points = others.map((returns, i) =>
        commonPoint(`from ${formatDate(starts[i]!)}`, (starts[i]! - begin) / DAY, returns, perYear),
      );
      const verdict = damageVerdict(drawnDamage(own, others));
      const made = points.map(({ totalReturn }) => totalReturn!);
      const isUneven = made.some(each => each <= 0);
      return checkResult(
        identity,
        verdict === 'pass' && isUneven ? 'warn' : verdict,
        `Begun on ${figure(count, 0)} later days it earns ${share(Math.min(...made))} to ${share(Math.max(...made))} on the ${figure(days, 0)} days that all have, as it is ${share(earned)}.`,
        { base: commonPoint('as it is', 0, own, perYear), points, axis: 'start, days later' },
      );
    },
  };
};
