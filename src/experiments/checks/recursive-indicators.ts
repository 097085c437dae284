import { formatTime } from '../../time.js';
import type { BegunDecisions } from './begun-decisions.js';
import type { HistoryDependence } from './history-dependence.js';
import { leakResult } from './leak-check.js';
import type { LeakPlot, LeakResult } from './leak-check.js';
import type { Settling } from './settling.js';
import { settlingLines } from './settling-lines.js';
import { differingStarts } from './warm-up.js';

const NAME = { id: 'recursive-indicators', title: 'Indicators with a long memory' } as const;
/** A standard deviation's twentieth moves few thresholds. It decides only where decisions themselves cannot be compared. */
const MATERIAL = 0.05;
/** Differences below this no longer decide anything: a thousandth of a standard deviation. */
const FORGOTTEN = 1e-3;

const tenths = (x: number): string => (x >= 0.1 ? x.toFixed(1) : x.toPrecision(1));

const otherPositions = (decisions: readonly BegunDecisions[]): LeakPlot => ({
  kind: 'bars',
  x: 'Bars with another position, %',
  bars: decisions.map(({ from, share }) => ({ label: formatTime(from), value: 100 * share, alarm: share > 0 })),
});

/** Bars after which no start is further off than a thousandth of a standard deviation; Infinity when that was not seen. */
const forgottenAfter = ({ curve }: Settling): number => {
  let k = curve.length;
  while (k > 0 && curve[k - 1]! <= FORGOTTEN) k--;
  return k === curve.length ? Infinity : k + 1;
};

/**
 * An exponential average never forgets where history began; it only cares less and less. How much of that is left when the first order is taken, and does it decide anything?
 * `pass`: no indicator remembers beyond the warm-up, or none of what it remembers changed a position. `warn`: positions differed: declare a longer `warmup`. `fail`: positions
 * differed and the dependence does not fade, so that no warm-up is long enough and the result belongs to one start of history.
 */
export const recursiveIndicators = (history: HistoryDependence | { readonly untested: string }): LeakResult => {
  if ('untested' in history) return leakResult({ ...NAME, verdict: 'untested', sentence: `Not tested: ${history.untested}.` });
  const { indicators, decisions, reason } = history;
  const long = indicators
    .filter(({ dependence }) => dependence !== 'settled' && dependence !== 'short')
    .sort((a, b) => b.atWarmup - a.atWarmup || (a.indicator < b.indicator ? -1 : 1));
  const [worst] = long;
  const points = (decisions ?? []).map(({ from, share }) => ({
    label: `history from ${formatTime(from)}, other positions on ${(100 * share).toFixed(1)}% of bars`,
    x: from,
    sharpe: null,
    totalReturn: null,
    maxDrawdown: null,
    trades: null,
  }));
  const result = (verdict: LeakResult['verdict'], sentence: string): LeakResult =>
    leakResult({
      ...NAME,
      verdict,
      sentence,
      plot: decisions === null ? settlingLines(long) : otherPositions(decisions),
      points,
      axis: 'where history begins',
    });
  if (worst === undefined)
    return result('pass', indicators.length === 0 ? 'It uses no indicators.' : 'No indicator remembers further back than the warm-up.');
  const after = forgottenAfter(worst);
  const size =
    `\`${worst.indicator}\` is ${worst.atWarmup > 0.001 ? `up to ${tenths(worst.atWarmup)}` : 'less than 0.001'} standard deviations off after the ${worst.before} bars of warm-up` +
    (worst.dependence === 'endless'
      ? ', and does not come closer'
      : after === Infinity
        ? `, and still off after ${worst.curve.length}`
        : after > worst.before
          ? `, and within a thousandth after ${after}`
          : '');
  if (decisions === null)
    return result(
      worst.atWarmup > MATERIAL ? 'warn' : 'pass',
      `Depending on where history begins, ${size}; decisions were not compared: ${reason}.`,
    );
  if (!decisions.some(({ share }) => share > 0))
    return result('pass', `Depending on where history begins, ${size}; from ${decisions.length} moments no position was another for it.`);
  const endless = long.find(({ dependence }) => dependence === 'endless');
  if (endless !== undefined)
    return result(
      'fail',
      `\`${endless.indicator}\` depends on where history began however long that is ago, and ${differingStarts(decisions)}: the result belongs to one beginning.`,
    );
  return result(
    'warn',
    `Depending on where history begins, ${size}, and ${differingStarts(decisions)}. Declare more in \`needs\`, e.g. \`warmup: ${after === Infinity ? 2 * worst.curve.length : after}\`.`,
  );
};
