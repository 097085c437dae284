import { heardProgress } from './heard-progress.js';
import { terminal } from './terminal.js';

/** A long piece of work as seen from the terminal. All methods are cheap enough to be called often. */
export interface Progress {
  /**
   * `done` units are done; `note` says what is being done now. A `total` that grows replaces the first one; `reused` of the units were done
   * before the start and do not count for the rate.
   */
  update(done: number, note?: string, total?: number, reused?: number): void;
  /** Take the bar off the screen. */
  stop(): void;
}

const NONE: Progress = { update: () => undefined, stop: () => undefined };

const SCALES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `1234567` → `1.23 M`. */
export const compact = (value: number): string => {
  const scale = SCALES.find(([size]) => Math.abs(value) >= size);
  return scale ? `${(value / scale[0]).toPrecision(3)} ${scale[1]}` : `${Math.round(value)} `;
};

/** Seconds as `45 s`, `3 min 20 s` or `2 h 5 min`. */
const span = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '–';
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
};

const DRAW_MS = 100;

/**
 * For a process that was begun by another, messages to that one. Else a bar on stderr with rate and time left, when stderr is a terminal and `--no-progress` was not given; nothing at all otherwise.
 * `unit` is what is counted, e.g. `bars`.
 */
export const startProgress = async (
  args: { readonly progress: boolean },
  label: string,
  total: number,
  unit: string,
): Promise<Progress> => {
  const heard = heardProgress(label, total, unit);
  if (heard !== null) return heard;
  if (!args.progress || !terminal().interactive) return NONE;
  const { default: cliProgress } = await import('cli-progress');
  const begun = performance.now();
  let drawn = 0;
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 28,
    // Ctrl-C is handled by the command, which has something to say about resuming.
    gracefulExit: false,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (options, { progress }, payload: { text?: string }) => {
      const filled = Math.round(progress * (options.barsize ?? 28));
      return `${label} ${'█'.repeat(filled)}${'░'.repeat((options.barsize ?? 28) - filled)} ${Math.floor(progress * 100)
        .toString()
        .padStart(3)} %  ${payload.text ?? ''}`;
    },
  });
  bar.start(total, 0, { text: '' });
  return {
    update: (done, note, all = total, reused = 0) => {
      const now = performance.now();
      if (now - drawn < DRAW_MS && done < all) return;
      drawn = now;
      const seconds = (now - begun) / 1000;
      const rate = (done - reused) / Math.max(seconds, 1e-3);
      bar.setTotal(all);
      bar.update(Math.min(done, all), {
        text: `${rate < 10 ? `${rate.toFixed(1)} ` : compact(rate)}${unit}/s  ${span((all - done) / rate)} left${note ? `  ${note}` : ''}`,
      });
    },
    stop: () => bar.stop(),
  };
};
