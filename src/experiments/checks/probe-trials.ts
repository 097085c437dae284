import { canonicalJson } from '../../datasets/canonical-json.js';
import { contentHash } from '../job-store.js';
import type { Trial } from '../trial-ledger.js';
import type { TrialScope } from '../trial-scope.js';
import type { CheckSubject, Step } from './check.js';
import type { ProbeJob } from './probe-job.js';

/**
 * The trials that a probe is, one a step; null for a step that trades nothing. What the subject itself trades in a window is the same trial on changed data, at other costs or begun later: a
 * `check`, where nothing is chosen and which adds nothing to N. Other parameters are looked at as a search looks at them, so they are `train`: whoever has seen a neighbour has tried it.
 */
export const probeTrials = (scope: TrialScope, subject: CheckSubject, { change: { config }, steps }: ProbeJob): (Trial | null)[] => {
  const ownOf = ({ params, window }: Step): Step | undefined =>
    subject.steps.find(
      own => own.window.from <= window.from && own.window.to >= window.to && canonicalJson(own.params) === canonicalJson(params),
    );
  const { from: _from, to: _to, ...timeless } = { ...subject.shared.config, ...config };
  return steps.map(step => {
    if (step.params === null) return null;
    const own = ownOf(step);
    return {
      ...scope,
      config: contentHash(timeless),
      params: step.params,
      range: (own ?? step).window,
      role: own === undefined ? 'train' : 'check',
    };
  });
};
