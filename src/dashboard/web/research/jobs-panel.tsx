import { useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { JobCard } from './job-card.js';
import { useJobs } from './job-list.js';
import { isOpen, openFirst } from './job-words.js';

const FEW = 2;

/** Work in progress and what ended lately. `kinds` shows only some, and nothing at all while there is none of them. */
export const JobsPanel = ({ kinds, title = 'Jobs' }: { readonly kinds?: readonly string[]; readonly title?: string }) => {
  const { jobs, answer } = useJobs();
  const [all, setAll] = useState(false);
  const wanted = jobs === null ? null : openFirst(jobs.filter(({ kind }) => kinds === undefined || kinds.includes(kind)));
  const open = wanted?.filter(isOpen).length ?? 0;
  const shown = wanted?.slice(0, all ? 50 : open + FEW);
  if (kinds !== undefined && (wanted?.length ?? 0) === 0) return null;
  return (
    <Panel title={title} note={open === 0 ? 'Nothing is running' : `${open} in progress`}>
      {wanted === null || shown === undefined ? (
        answer.error === null ? (
          <Loading rows={2} />
        ) : (
          <ErrorNote error={answer.error} retry={answer.refresh} />
        )
      ) : wanted.length === 0 ? (
        <EmptyNote title="No jobs yet">What is begun here, by anyone, is listed with its progress and its output.</EmptyNote>
      ) : (
        <div class="jobs">
          {shown.map(job => (
            <JobCard key={job.job} job={job} />
          ))}
          {wanted.length > shown.length || all ? (
            <Button small kind="quiet" onClick={() => setAll(!all)}>
              {all ? 'Fewer' : `${wanted.length - shown.length} more`}
            </Button>
          ) : null}
        </div>
      )}
    </Panel>
  );
};
