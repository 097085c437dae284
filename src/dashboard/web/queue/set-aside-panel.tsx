import type { DeterminismAlarmView, QuarantinedView } from '../../api/queue-api.js';
import { Badge } from '../parts/badge.js';
import { utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';

/** As many digits of an id as `quantai jobs` shows. */
const short = (hash: string): string => hash.slice(0, 12);

/** `3 threads were`: a worker outlives its threads. */
const lost = (deaths: QuarantinedView['deaths']): string => {
  const threads = deaths.filter(({ seen }) => seen.startsWith('its thread ended')).length;
  const workers = deaths.length - threads;
  const counted = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]);
  return `${[...counted(workers, 'worker'), ...counted(threads, 'thread')].join(' and ')} ${deaths.length === 1 ? 'was' : 'were'}`;
};

/** Jobs that took their workers with them, and jobs that gave two results; what to do about either is on the command line. */
export const SetAsidePanel = ({
  quarantined,
  alarms,
}: {
  readonly quarantined: readonly QuarantinedView[];
  readonly alarms: readonly DeterminismAlarmView[];
}) => (
  <Panel title="Set aside" note="Quarantine, and alarms of determinism">
    {quarantined.length + alarms.length === 0 ? (
      <p class="muted">No job took its worker with it, and none gave two different results.</p>
    ) : (
      <ul class="checks">
        {alarms.map(({ job, at, first, second }) => (
          <li key={`${job} ${at}`}>
            <Badge tone="alarm">differs</Badge>
            <span>
              <strong class="mono">{short(job)}</strong> gave <span class="mono">{short(first.hash)}</span> by {first.worker} and{' '}
              <span class="mono">{short(second.hash)}</span> by {second.worker}, at {utcMinute(at)} UTC.
              <span class="fix">
                One of the two computes wrongly, or the strategy reads what is no data. quantai jobs release {short(job)} has it done again.
              </span>
            </span>
          </li>
        ))}
        {quarantined.map(({ job, at, name, run, deaths }) => (
          <li key={job}>
            <Badge tone="warn">quarantine</Badge>
            <span>
              <strong>{name}</strong>, of <span class="mono">{run}</span>: {lost(deaths)} lost over it, at {utcMinute(at)} UTC.
              <span class="fix">
                {[...new Set(deaths.map(({ worker, seen }) => `${worker}: ${seen}`))].join('; ')}. quantai jobs release {short(job)} lets it
                be tried again.
              </span>
            </span>
          </li>
        ))}
      </ul>
    )}
  </Panel>
);
