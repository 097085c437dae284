/** How often workers and submitters say that they live. */
export const BEAT_MS = 2000;

/** Who has not been heard for so long is taken to be gone. */
export const ALIVE_MS = 4 * BEAT_MS;

/** Outcomes are kept for those who submit the same again: a week. */
export const KEPT_MS = 7 * 86_400_000;

/** Outcomes that a submitter takes at once: they are in memory together. */
export const NEWS_AT_ONCE = 200;
