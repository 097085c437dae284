import type { BegunDecisions } from './begun-decisions.js';
import type { HistoryDependence } from './history-dependence.js';
import { leakResult } from './leak-check.js';
import type { LeakResult } from './leak-check.js';
import { settlingLines } from './settling-lines.js';

const NAME = { id: 'warm-up', title: 'Warm-up' } as const;

/** How many starts ended in other positions, in words. */
export const differingStarts = (decisions: readonly BegunDecisions[]): string => {
  const other = decisions.filter(({ share }) => share > 0);
  const worst = Math.max(0, ...other.map(({ share }) => share));
  return `from ${other.length} of ${decisions.length} moments the strategy held other positions with its warm-up only than with all history, on up to ${(100 * worst).toFixed(worst < 0.1 ? 1 : 0)}% of the bars`;
};

/**
 * Does the strategy wait until its indicators have seen what they average over? `fail`: an indicator fills a window that is longer than the bars declared, so first orders rest on
 * a number that it is not named after. `warn`: indicators are settled, yet decisions differ with the history before: something else remembers it. Indicators that never forget
 * entirely are the business of `recursive-indicators`.
 */
export const warmUp = (history: HistoryDependence | { readonly untested: string }): LeakResult => {
  if ('untested' in history) return leakResult({ ...NAME, verdict: 'untested', sentence: `Not tested: ${history.untested}.` });
  const { plan, indicators, decisions, reason } = history;
  const plot = settlingLines(indicators);
  const short = indicators
    .filter(({ dependence }) => dependence === 'short')
    .sort((a, b) => b.settledAfter - a.settledAfter || (a.indicator < b.indicator ? -1 : 1));
  const [worst] = short;
  if (worst !== undefined)
    return leakResult({
      ...NAME,
      verdict: 'fail',
      sentence:
        `Orders come before the numbers behind them are whole: \`${worst.indicator}\` needs ${worst.settledAfter} bars and the strategy trades after ${worst.before}` +
        `${short.length > 1 ? `, and so do ${short.length - 1} more of its indicators` : ''}. Declare the warm-up of the indicator, or \`warmup\` in \`needs\`.`,
      plot,
    });
  const isSettled = indicators.every(({ dependence }) => dependence === 'settled');
  const other = (decisions ?? []).some(({ share }) => share > 0);
  if (isSettled && other && decisions !== null)
    return leakResult({
      ...NAME,
      verdict: 'warn',
      sentence: `Every indicator is settled in time, and still ${differingStarts(decisions)}: something besides the indicators remembers the past.`,
      plot,
    });
  const waits = `the ${plan.warmup} bars that the strategy waits`;
  const seen =
    indicators.length === 0
      ? plan.warmup === 0
        ? 'It uses no indicators and waits for no bars'
        : `It uses no indicators and waits ${plan.warmup} bars`
      : `No indicator fills a window longer than ${waits}`;
  return leakResult({
    ...NAME,
    verdict: 'pass',
    sentence: `${seen}${decisions === null ? `; decisions were not compared: ${reason}` : other ? '' : `, and it decides the same from there as with all history`}.`,
    plot,
  });
};
