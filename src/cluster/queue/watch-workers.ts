import { setTimeout as pause } from 'node:timers/promises';
import { buildWords, type Build } from './queue-name.js';
import type { WorkerStanding } from './queue-records.js';
import { ALIVE_MS } from './record-times.js';

/** Workers named in one line; more of them are counted. */
const NAMED = 4;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Workers as a person is told who computes: `2 workers with 8 threads (a-17, b-4)`. */
export const standing = (workers: readonly Pick<WorkerStanding, 'name' | 'threads'>[]): string => {
  const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
  const names = workers.slice(0, NAMED).map(({ name }) => name);
  const more = workers.length > NAMED ? [`${workers.length - NAMED} more`] : [];
  return `${counted(workers.length, 'worker')} with ${counted(threads, 'thread')} (${[...names, ...more].join(', ')})`;
};

/** Workers of other builds, who never see the jobs of this one: `1 worker serves quantai-trad@0.1.0 for x64, build 5bb8e5da922c: install the same there or here.` */
export const otherBuilds = (workers: readonly Build[]): string => {
  const builds = new Map<string, number>();
  for (const worker of workers) builds.set(buildWords(worker), (builds.get(buildWords(worker)) ?? 0) + 1);
  const each = [...builds].map(([words, count]) => `${counted(count, 'worker')} ${count === 1 ? 'serves' : 'serve'} ${words}`);
  return `${each.join('; ')}: install the same there or here.`;
};

export interface WorkerWatch {
  /** Whether somebody waits for jobs: else it is of no interest who does them. */
  readonly isBusy: () => boolean;
  /** Workers that live. */
  readonly serving: () => Promise<readonly WorkerStanding[]>;
  /** Whether there were some when the watch began. */
  readonly hadSome: boolean;
  readonly tell: (text: string) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Between two looks, ms. */
  readonly everyMs?: number;
}

/** Says when the last worker has gone while jobs wait, and when there is one again: a run that stands still looks like one that is slow. Resolves when the watch ends. */
export const watchWorkers = async ({ isBusy, serving, hadSome, tell, signal, everyMs = ALIVE_MS / 2 }: WorkerWatch): Promise<void> => {
  let isServed = hadSome;
  for (;;) {
    await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    if (!isBusy()) continue;
    // Of a database that is away the run itself tells.
    const now = await serving().catch(() => null);
    if (now === null || signal.aborted || now.length > 0 === isServed) continue;
    isServed = now.length > 0;
    tell(
      isServed
        ? `${standing(now)} ${now.length === 1 ? 'serves' : 'serve'} the queue now.`
        : 'No worker serves the queue any more. The jobs wait there for one.',
    );
  }
};
