import type { CommandProgress } from '../platform.js';

/** How far a job is, and how fast. */
export interface JobPace {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Units a second since this part of the work began; null until one is done. */
  readonly rate: number | null;
  /** ms until this part of the work is done, at that rate. */
  readonly eta: number | null;
  readonly note: string;
}

/** Follows the progress of one command. A bar that begins again, or under another name, is the next part of its work. */
export const jobPace = (now: () => number): ((progress: CommandProgress) => JobPace) => {
  let part = { label: '', begunAt: 0, done: 0 };
  return ({ label, done, total, unit, note, reused }) => {
    const at = now();
    if (label !== part.label || done < part.done) part = { label, begunAt: at, done };
    part = { ...part, done };
    const seconds = (at - part.begunAt) / 1000;
    const own = done - reused;
    const rate = own > 0 && seconds > 0 ? own / seconds : null;
    return {
      done,
      total,
      unit,
      rate,
      eta: rate === null ? null : (1000 * Math.max(0, total - done)) / rate,
      note: note === null ? label : `${label}, ${note}`,
    };
  };
};
