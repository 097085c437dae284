import type { ObjectiveConfig } from './objective.js';
import type { Span } from './splits/fold.js';

/** The last part of a window, at least one bar, cut at a whole number of bars before its end. Halving judges by the most recent part first. */
export const lastShare = ({ from, to }: Span, share: number, barMs: number): Span =>
  share >= 1 ? { from, to } : { from: Math.max(from, to - Math.max(1, Math.round(((to - from) * share) / barMs)) * barMs), to };

/** The objective on a part of a window: as many trades as the whole would need, in proportion, rounded up. */
export const objectiveOnShare = (objective: ObjectiveConfig, share: number): ObjectiveConfig => ({
  ...objective,
  minimumTrades: Math.ceil(objective.minimumTrades * share),
});
