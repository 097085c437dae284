import { verifyCausality } from '../../sim/verify-causality.js';
import type { CausalityVerdict } from '../../sim/verify-causality.js';
import { formatTime } from '../../time.js';
import { figure } from '../evidence/figure-text.js';
import { decidesBackwardsAlike } from './backwards.js';
import { leakResult } from './leak-check.js';
import type { LeakResult, LeakSubject } from './leak-check.js';

/** How thoroughly law 3 is tested, and who hears of it. */
export interface CausalityOptions {
  /** Moments to cut at; default 6. */
  readonly cuts?: number;
  /** Awaited between runs: the place to hear an interrupt. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

const BLIND =
  'Not tested: it changes sides at the same moments when history is played backwards. It goes by a calendar or a table in its code and not by the data, and whether a table was written with hindsight no change of data can show.';

const repeated = ({ repeatable, leaks }: CausalityVerdict): LeakResult =>
  leakResult({
    id: 'repeatable',
    title: 'The same run twice',
    verdict: repeatable ? 'pass' : 'fail',
    sentence: repeatable
      ? 'The same run on the same data gave the same decisions, fills and indicator values.'
      : `The same run on the same data gave another result, so it keeps state outside the run, or draws or reads what is not on record: ${leaks[0]?.what ?? ''}.`,
  });

const causal = ({ repeatable, compared, checked, leaks }: CausalityVerdict): LeakResult => {
  const [worst] = leaks;
  const leaking = checked.filter(({ leaks: found }) => found > 0).length;
  return leakResult({
    id: 'causality',
    title: 'The future replaced',
    verdict: repeatable ? (leaks.length === 0 ? 'pass' : 'fail') : 'untested',
    sentence: !repeatable
      ? 'Not tested: a run that is not the same twice differs at every moment, whatever it knows.'
      : worst === undefined
        ? `Nothing before a moment changed when all data after it did: ${figure(compared, 0)} outputs compared at ${checked.length} moments.`
        : `It knew its future at ${leaking} of ${checked.length} moments: ${worst.what}.`,
    axis: 'moment after which data were replaced',
    points: checked.map(({ cut }) => ({
      label: formatTime(cut),
      x: cut,
      sharpe: null,
      totalReturn: null,
      maxDrawdown: null,
      trades: null,
    })),
    plot:
      checked.length === 0
        ? null
        : {
            kind: 'bars',
            x: 'Outputs compared up to that moment',
            bars: checked.map(({ cut, compared: value, leaks: found }) => ({
              label: formatTime(cut),
              value,
              alarm: found > 0,
            })),
          },
  });
};

/**
 * Law 3 as two checks. `repeatable`: the same run on the same data gives the same bits. `causality`: with all data after a moment replaced by nonsense, nothing up to that
 * moment changes: no indicator value, forecast, decision, order or fill. Either failing is a defect of the strategy, not a matter of degree. `causality` is `untested` for a
 * strategy whose sides do not depend on the data at all, such as a table of dates: it would pass whatever it knows.
 */
export const causality = async (subject: LeakSubject, { cuts, onProgress }: CausalityOptions = {}): Promise<readonly LeakResult[]> => {
  const verdict = await verifyCausality({ ...subject, ...(cuts !== undefined && { cuts }), ...(onProgress && { onProgress }) });
  // A test that nothing could fail has no say.
  const isBlind = verdict.ok && (await decidesBackwardsAlike(subject, verdict.facts));
  await onProgress?.((cuts ?? 6) + 3, (cuts ?? 6) + 3);
  return [repeated(verdict), isBlind ? leakResult({ ...causal(verdict), verdict: 'untested', sentence: BLIND }) : causal(verdict)];
};
