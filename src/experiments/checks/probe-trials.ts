import { canonicalJson } from '../../datasets/canonical-json.js';
import { contentHash } from '../job-store.js';
import type { Trial } from '../trial-ledger.js';
import type { TrialScope } from '../trial-scope.js';
import type { CheckSubject, DataChange, Step } from './check.js';
import type { ProbeJob } from './probe-job.js';

/** Changed data are other data: what is evaluated on them is no trial on those recorded. */
const dataOf = (scope: TrialScope, change: DataChange | undefined): string =>
  change === undefined ? scope.data : contentHash({ data: scope.data, change });

/**
 * The trials that a probe is, one a step; null for a step that trades nothing. Other parameters on recorded data are looked at as a search looks at them, so they are `train`: whoever has seen a
 * neighbour has tried it. All else is a `check`, where nothing is chosen.
 */
export const probeTrials = (
  scope: TrialScope,
  subject: CheckSubject,
  { change: { change, config }, steps }: ProbeJob,
): (Trial | null)[] => {
  const isOwn = ({ params, window }: Step): boolean =>
    subject.steps.some(
      own => own.window.from <= window.from && own.window.to >= window.to && canonicalJson(own.params) === canonicalJson(params),
    );
  const { from: _from, to: _to, ...timeless } = { ...subject.shared.config, ...config };
  return steps.map(({ params, window }) =>
    params === null
      ? null
      : {
          ...scope,
          data: dataOf(scope, change),
          config: contentHash(timeless),
          params,
          range: window,
          role: change === undefined && !isOwn({ params, window }) ? 'train' : 'check',
        },
  );
};
