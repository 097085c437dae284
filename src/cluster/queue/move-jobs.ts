import { priorityOf } from './fair-share.js';
import { inLanes, LANES } from './in-lanes.js';
import type { JobQueue } from './job-queue.js';

/** Where jobs are that will be taken by their priority at some time. */
export const WAITING = ['prioritized', 'delayed', 'waiting-children'] as const;

/** Jobs that are in memory at once. */
const PAGE = 500;
/** Who is taken meanwhile moves others from one page to the one before it, which was seen: all are looked through again, so often at most. */
const PASSES = 4;

/** Give jobs that wait the priorities that their tags have when they are counted from a base. */
export const moveJobs = async (queue: JobQueue, base: number, sure: <R>(act: () => Promise<R>) => Promise<R>): Promise<void> => {
  const pass = async (type: (typeof WAITING)[number]): Promise<number> => {
    let moved = 0;
    for (let from = 0; ; from += PAGE) {
      // The first are moved first, so that what is moved stays before what is not.
      const jobs = (await sure(() => queue.getJobs([type], from, from + PAGE - 1, true))).filter(job => job !== undefined);
      await inLanes(jobs, LANES, async job => {
        const priority = priorityOf(job.data.tag, base);
        if (priority === job.priority) return;
        moved++;
        // A job that has begun meanwhile has no place to be moved to.
        await job.changePriority({ priority }).catch(() => undefined);
      });
      if (jobs.length < PAGE) return moved;
    }
  };
  for (const type of WAITING) for (let passes = 0; passes < PASSES && (await pass(type)) > 0; passes++);
};
