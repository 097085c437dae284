/**
 * Who is served next where many submit to one queue: start-time fair queuing (Goyal, Vin & Cheng 1996). Every job gets a tag, and workers take the smallest. A run's first job starts at the
 * queue's virtual time, the greatest tag that was ever begun, and each further one a step of 1 ÷ weight later. So a late comer starts level with what is being served now, however
 * much was submitted before it, and an old run waits for no more than its share: virtual time goes on only as fast as its own next tag is reached.
 *
 * Pure: whoever uses it brings the virtual time and keeps the last tag of a run.
 */

/** How urgent a run is. */
export type Urgency = 'high' | 'normal' | 'low';

/** Shares of the workers that runs have beside each other: a high one has four times that of a normal one. */
export const WEIGHTS: Readonly<Record<Urgency, number>> = { high: 4, normal: 1, low: 0.25 };

/** BullMQ's priorities end here; 0 is for jobs without one, which go before all others. */
export const LARGEST_PRIORITY = 2 ** 21 - 1;

/** Tags of a busy queue are counted from a later base once virtual time is this far from the last one: half of what priorities can express. */
export const REBASE_AFTER = 2 ** 20;

/** Where a run has got to. */
export interface RunShare {
  /** Tag that its next job would have were the queue's virtual time not further; 0 for a run without jobs yet. */
  readonly next: number;
  readonly weight: number;
}

/** The weight of one of a submitter's runs: what the submitter has is divided among the runs, so that nobody has more by submitting in pieces. */
export const weightOf = (urgency: Urgency, runsOfSubmitter: number): number => WEIGHTS[urgency] / Math.max(1, runsOfSubmitter);

/** Tags for the next `count` jobs of a run, in their order, and where the run is then. */
export const tagsFor = (
  share: RunShare,
  virtualTime: number,
  count: number,
): { readonly tags: readonly number[]; readonly share: RunShare } => {
  const start = Math.max(virtualTime, share.next);
  // Multiplied, not added up, so that a million steps of a quarter are exact.
  const tags = Array.from({ length: count }, (_, i) => start + i / share.weight);
  return { tags, share: { ...share, next: start + count / share.weight } };
};

/**
 * A tag as BullMQ's priority, from 1, counted from the queue's base. Tags between two whole ones, of an urgent run, have one priority and no order. What lies further than priorities reach has
 * the largest one, and is served in the order in which it came.
 */
export const priorityOf = (tag: number, base: number): number => Math.min(LARGEST_PRIORITY, Math.max(1, 1 + Math.floor(tag - base)));

/** Virtual time when a job is begun. It never goes back. */
export const virtualTimeAfter = (virtualTime: number, begun: number): number => Math.max(virtualTime, begun);

/** The base that tags are to be counted from: moved up to virtual time when nothing waits, or when it is too far behind, in which case priorities of waiting jobs must be made anew. */
export const baseAfter = (base: number, virtualTime: number, idle: boolean): number =>
  idle || virtualTime - base > REBASE_AFTER ? Math.floor(virtualTime) : base;
