import type { Stretch } from './gate-inputs.js';

/** Stretches in order and without what they share: a market that was played twice, or by two accounts at once, counts once. */
export const stretchUnion = (stretches: readonly Stretch[]): readonly Stretch[] => {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
};
