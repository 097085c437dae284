/** How often workers and submitters say that they live. */
export const BEAT_MS = 2000;

/** Who has not been heard for so long is taken to be gone. */
export const ALIVE_MS = 4 * BEAT_MS;

/** Outcomes are kept for those who submit the same again: a week. */
export const KEPT_MS = 7 * 86_400_000;

/** A run that was not heard of for so long is not waited with any more: its submitter was killed. One that comes back asks for its jobs again. */
export const ABANDONED_MS = 1_800_000;

/** Outcomes that a submitter takes at once: they are in memory together. */
export const NEWS_AT_ONCE = 200;
