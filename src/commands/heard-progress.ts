import type { CommandProgress } from '../dashboard/platform.js';
import type { Progress } from './progress.js';

/** Set to `ipc` in a process whose parent wants to hear of its progress. */
export const PROGRESS_VARIABLE = 'QUANTAI_PROGRESS';

const EVERY_MS = 100;

/** Whether a message of another process tells progress. */
export const isProgress = (message: unknown): message is CommandProgress =>
  typeof message === 'object' && message !== null && 'label' in message && 'done' in message && 'total' in message && 'unit' in message;

/** Tells the parent process how far the work is, at most ten times a second and at its end; null where no parent wants to hear it. A parent that is gone is told nothing. */
export const heardProgress = (label: string, total: number, unit: string): Progress | null => {
  if (process.env[PROGRESS_VARIABLE] !== 'ipc' || process.send === undefined) return null;
  let last: CommandProgress = { label, done: 0, total, unit, note: null, reused: 0 };
  let told = -Infinity;
  let isUntold = false;
  const tell = (): void => {
    told = performance.now();
    isUntold = false;
    if (process.connected) process.send?.(last, undefined, undefined, () => undefined);
  };
  tell();
  return {
    update: (done, note, all = total, reused = 0) => {
      last = { label, done: Math.min(done, all), total: all, unit, note: note ?? null, reused };
      isUntold = true;
      if (done >= all || performance.now() - told >= EVERY_MS) tell();
    },
    stop: () => {
      if (isUntold) tell();
    },
  };
};
