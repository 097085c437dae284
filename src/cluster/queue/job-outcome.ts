import type { PackedError } from '../job-failure.js';

/** A worker that was lost over a job. */
export interface Death {
  readonly worker: string;
  /** When it had begun the job, epoch ms. */
  readonly at: number;
  /** What was seen, e.g. `the worker is gone`. */
  readonly seen: string;
}

/**
 * How a job ended. A `result` and a `mistake` of the user are the same anywhere and are kept. A `defect` is kept for those who wait for it: the next to submit the job has it done again. A
 * `poison` job took its workers with it, and is not begun again until somebody releases it.
 */
export type JobOutcome =
  | { readonly kind: 'result'; readonly text: string | null; readonly hash: string; readonly worker: string }
  | { readonly kind: 'mistake' | 'defect'; readonly error: PackedError; readonly hash: string; readonly worker: string }
  | { readonly kind: 'poison'; readonly deaths: readonly Death[]; readonly hash: string; readonly worker: string };

/** What a worker's thread is said to have died of begins so; the worker lives on. */
export const THREAD_ENDED = 'its thread ended';

/** What was lost over a job: `3 threads`, `1 worker and 2 threads`. */
export const lossWords = (deaths: readonly Pick<Death, 'seen'>[]): string => {
  const threads = deaths.filter(({ seen }) => seen.startsWith(THREAD_ENDED)).length;
  const counted = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]);
  return [...counted(deaths.length - threads, 'worker'), ...counted(threads, 'thread')].join(' and ');
};

/** After as many deaths a job is poison. */
export const DEATHS_OF_POISON = 3;

/** The outcome as a record has it: kind and hash apart, the rest in one text. */
export const outcomeBody = (outcome: JobOutcome): string | null => {
  switch (outcome.kind) {
    case 'result':
      return outcome.text;
    case 'poison':
      return JSON.stringify(outcome.deaths);
    default:
      return JSON.stringify(outcome.error);
  }
};

export const outcomeFrom = (kind: string, hash: string, worker: string, body: string | null): JobOutcome => {
  switch (kind) {
    case 'mistake':
    case 'defect':
      return { kind, hash, worker, error: JSON.parse(body ?? 'null') as PackedError };
    case 'poison':
      return { kind, hash, worker, deaths: JSON.parse(body ?? '[]') as readonly Death[] };
    default:
      return { kind: 'result', hash, worker, text: body };
  }
};
