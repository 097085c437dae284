import { useState } from 'preact/hooks';
import { Answered } from '../parts/answered.js';
import { Button } from '../parts/button.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Panel } from '../parts/panel.js';
import { JobCard } from './job-card.js';
import { useJobs } from './job-list.js';
import { isOpen, openFirst } from './job-words.js';

const FEW = 2;

/** Work in progress and what ended lately. `kinds` shows only some, and nothing at all while there is none of them. */
export const JobsPanel = ({ kinds, title = 'Jobs' }: { readonly kinds?: readonly string[]; readonly title?: string }) => {
  const answer = useJobs();
  const [all, setAll] = useState(false);
  const wanted = answer.value === null ? null : openFirst(answer.value.filter(({ kind }) => kinds === undefined || kinds.includes(kind)));
  const open = wanted?.filter(isOpen).length ?? 0;
  if (kinds !== undefined && answer.error === null && (wanted === null || wanted.length === 0)) return null;
  return (
    <Panel title={title} note={wanted === null ? undefined : open === 0 ? 'Nothing is running' : `${open} in progress`}>
      <Answered answer={{ ...answer, value: wanted }} rows={2}>
        {known => {
          const shown = known.slice(0, all ? 50 : open + FEW);
          return known.length === 0 ? (
            <EmptyNote title="No jobs yet">What is begun here, by anyone, is listed with its progress and its output.</EmptyNote>
          ) : (
            <div class="jobs">
              {shown.map(job => (
                <JobCard key={job.job} job={job} />
              ))}
              {known.length > shown.length || all ? (
                <Button small kind="quiet" onClick={() => setAll(!all)}>
                  {all ? 'Fewer' : `${known.length - shown.length} more`}
                </Button>
              ) : null}
            </div>
          );
        }}
      </Answered>
    </Panel>
  );
};
