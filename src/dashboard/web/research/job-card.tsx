import type { JobView } from '../../api/research-api.js';
import { Badge } from '../parts/badge.js';
import { Code } from '../parts/code.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { ErrorNote } from '../parts/error-note.js';
import { span, utcMinute } from '../parts/figures.js';
import { Progress } from '../parts/progress.js';
import type { Tone } from '../parts/tone.js';
import { call, me } from '../state/api.js';
import { hasRole } from '../state/roles.js';
import { isOpen, progressWords, rateWords } from './job-words.js';
import { addressOf } from '../state/route.js';

const TONES: Readonly<Record<JobView['state'], Tone>> = {
  waiting: 'neutral',
  running: 'accent',
  done: 'gain',
  failed: 'alarm',
  cancelled: 'neutral',
  lost: 'warn',
};

const cancel = async (job: JobView): Promise<string> => {
  await call('jobs.cancel', { params: { job: job.job } });
  return `Cancelling ${job.title}.`;
};

/** A job: how far it has come, what it says, and what it made. */
export const JobCard = ({ job }: { readonly job: JobView }) => {
  const mayCancel = hasRole('operator') || (hasRole('researcher') && job.by === me.value?.name);
  return (
    <article class="job" aria-label={`${job.kind}: ${job.title}`}>
      <header>
        <Badge tone={TONES[job.state]}>{job.state}</Badge>
        <h3>
          {job.kind} <span class="muted">{job.title}</span>
        </h3>
        {isOpen(job) ? null : (
          <span class="job-end muted figure">
            {job.endedAt === null ? utcMinute(job.begunAt) : `${utcMinute(job.endedAt)} UTC, took ${span(job.endedAt - job.begunAt)}`},{' '}
            {job.by}
          </span>
        )}
        <div class="job-acts">
          {job.run === null ? null : (
            <a class="button button-plain small" href={addressOf('/research', { run: job.run })}>
              Open the run
            </a>
          )}
          {isOpen(job) ? (
            <ConfirmButton
              small
              disabled={!mayCancel}
              title={mayCancel ? undefined : 'It is another person’s job; an operator cancels any.'}
              heading={`Cancel ${job.title}?`}
              text="What it has finished stays; a search can be gone on with by the same command."
              confirm="Cancel the job"
              kind="danger"
              act={() => cancel(job)}
            >
              Cancel
            </ConfirmButton>
          ) : null}
        </div>
      </header>
      {isOpen(job) ? <Progress label={`Progress of ${job.title}`} done={job.done} total={job.total} /> : null}
      {isOpen(job) ? (
        <p class="job-words">
          <span class="job-done">{progressWords(job) || (job.state === 'waiting' ? 'Waits for another job to end' : 'Starting …')}</span>
          <span class="job-rate">{rateWords(job)}</span>
          <span class="job-eta">{job.eta === null ? '' : `${span(job.eta)} left`}</span>
          <span class="muted">by {job.by}</span>
        </p>
      ) : null}
      {job.note === null ? null : <p class="job-note muted">{job.note}</p>}
      {job.error === null ? null : <ErrorNote error={job.error} />}
      <details>
        <summary>Command and output</summary>
        <Code text={job.command} />
        {job.said.length === 0 ? <p class="muted">It said nothing.</p> : <pre class="said">{job.said.join('\n')}</pre>}
      </details>
    </article>
  );
};
