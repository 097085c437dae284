import { filterTrials } from '../count-trials.js';
import { estimate } from '../estimate.js';
import { independentTrials } from '../independent-trials.js';
import { sharpeAtLength } from '../overfitting/dsr.js';
import { readTrials } from '../read-trials.js';
import type { TrialOnRecord } from '../read-trials.js';
import type { TrialPlace } from '../trial-store.js';
import type { TrialEvidence } from './evidence-record.js';

const historyOf = (trials: readonly TrialOnRecord[]): TrialEvidence['history'] => {
  const known = trials.flatMap(({ at }) => (Number.isNaN(at) ? [] : [at])).sort((a, b) => a - b);
  const before = trials.length - known.length;
  return known.flatMap((at, i) => (at === known[i + 1] ? [] : [{ at, n: before + i + 1 }]));
};

/** A ratio of fewer returns than this is anything at all, and one of them would drown the spread of all others. */
const FEWEST_RETURNS = 10;

/** Numbers in a sketch, which are the returns of a window that short. */
const returnsOf = (sketch: string): number => Buffer.byteLength(sketch, 'base64');

/**
 * What the ledger in `folder`, or the team's, says of a strategy, under whatever names its code has run: N, the effective N, the Sharpe ratios and how N grew. `run` is the number of distinct trials
 * of the run that is judged; N is never below it. `judged` is the length of what is judged, milliseconds: ratios of shorter windows are brought to it.
 */
export const trialsOnRecord = async (folder: TrialPlace, strategy: string, run: number, judged: number): Promise<TrialEvidence> => {
  const { trials } = filterTrials((await readTrials(folder, strategy)).trials, { strategy });
  return {
    ...(typeof folder !== 'string' && { team: await folder.scope() }),
    run,
    total: Math.max(run, trials.length),
    unsettled: trials.filter(({ settled }) => !settled).length,
    effective: estimate(trials.length === 0 ? NaN : independentTrials(trials), 'the ledger holds no trial of this strategy'),
    sharpes: trials.flatMap(({ sharpe, from, to, sketch }) => {
      if (sketch !== null && returnsOf(sketch) < FEWEST_RETURNS) return [];
      const atLength = sharpeAtLength(sharpe ?? NaN, to - from, judged);
      return Number.isFinite(atLength) ? [atLength] : [];
    }),
    history: historyOf(trials),
  };
};
