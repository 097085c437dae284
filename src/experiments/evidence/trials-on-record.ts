import { filterTrials } from '../count-trials.js';
import { estimate } from '../estimate.js';
import { independentTrials } from '../independent-trials.js';
import { readTrials } from '../read-trials.js';
import type { TrialOnRecord } from '../read-trials.js';
import type { TrialEvidence } from './evidence-record.js';
import { recordedSharpes } from './recorded-sharpes.js';

/** A trial that was only ever a check chose nothing: it is on record, and does not make the best of the others luckier. */
const isChoice = ({ roles }: TrialOnRecord): boolean => !(roles.size === 1 && roles.has('check'));

const historyOf = (trials: readonly TrialOnRecord[]): TrialEvidence['history'] => {
  const known = trials.flatMap(({ at }) => (Number.isNaN(at) ? [] : [at])).sort((a, b) => a - b);
  const before = trials.length - known.length;
  return known.flatMap((at, i) => (at === known[i + 1] ? [] : [{ at, n: before + i + 1 }]));
};

/**
 * What the ledger in `folder` says of a strategy, under whatever names its code has run: N, the effective N, the Sharpe ratios and how N grew. Trials that were only checks are
 * left out. `run` is the number of distinct trials of the run that is judged; N is never below it.
 */
export const trialsOnRecord = async (folder: string, strategy: string, run: number): Promise<TrialEvidence> => {
  const trials = filterTrials((await readTrials(folder)).trials, { strategy }).trials.filter(isChoice);
  return {
    run,
    total: Math.max(run, trials.length),
    unsettled: trials.filter(({ settled }) => !settled).length,
    effective: estimate(trials.length === 0 ? NaN : independentTrials(trials), 'the ledger holds no trial of this strategy'),
    sharpes: await recordedSharpes(
      folder,
      trials.map(({ hash }) => hash),
    ),
    history: historyOf(trials),
  };
};
