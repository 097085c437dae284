import type { JobView } from '../api/research-api.js';
import type { StreamSource, StreamViews, ViewSubject, ViewTopic } from './stream-source.js';

/** What the stream needs of the jobs. */
export interface JobSource {
  readonly list: () => readonly JobView[];
  /** Calls after every change; gives back how to stop. */
  readonly onChange: (heard: () => void) => () => void;
}

type AccountTopic = Exclude<ViewTopic, 'jobs'>;
type AccountSource = Omit<StreamSource, 'watch'> & {
  readonly watch: <T extends AccountTopic>(topic: T, of: ViewSubject, onView: (view: StreamViews[T]) => void) => () => void;
};

/** One source of accounts and jobs. */
export const joinedSource = (accounts: AccountSource, jobs: JobSource): StreamSource => {
  let latest: StreamViews['jobs'] | null = null;
  // One view for all who watch, made when the first asks for it after a change.
  const view = (): StreamViews['jobs'] => (latest ??= { jobs: jobs.list() });
  jobs.onChange(() => (latest = null));
  return {
    lastPosition: accounts.lastPosition,
    facts: accounts.facts,
    watch: (topic, of, onView) => {
      if (topic !== 'jobs') return accounts.watch(topic as AccountTopic, of, onView as (view: StreamViews[AccountTopic]) => void);
      const tell = (): void => (onView as (view: StreamViews['jobs']) => void)(view());
      tell();
      return jobs.onChange(tell);
    },
  };
};
