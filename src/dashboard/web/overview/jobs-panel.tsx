import type { JobView } from '../../api/research-api.js';
import { Badge } from '../parts/badge.js';
import { percent, span } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { Progress } from '../parts/progress.js';
import { addressOf } from '../state/route.js';

/** Work that goes on, with how far it is. */
export const JobsPanel = ({ jobs }: { readonly jobs: readonly JobView[] }) => {
  const working = jobs.filter(({ state }) => state === 'running' || state === 'waiting').slice(0, 6);
  return (
    <Panel title="Jobs in progress" aside={<a href={addressOf('/research', { view: 'jobs' })}>All</a>}>
      {working.length === 0 ? (
        <p class="muted">Nothing is being computed.</p>
      ) : (
        <div class="stack">
          {working.map(job => (
            <div key={job.job} class="job-line">
              <div class="row">
                <Badge>{job.kind}</Badge>
                <span class="ellipsis">{job.title}</span>
                <span class="spacer" />
                <span class="muted figure">
                  {job.state === 'waiting'
                    ? 'waits'
                    : `${job.done === null || job.total === null ? '' : percent(job.done / job.total, 0)}${job.eta === null ? '' : `, ${span(job.eta)} left`}`}
                </span>
              </div>
              <Progress label={job.title} done={job.done} total={job.total} />
            </div>
          ))}
        </div>
      )}
    </Panel>
  );
};
