import type { Perseverance } from './persevere.js';
import type { QueuePlace } from './queue-place.js';
import { awayWords, isCollision } from './unreachable.js';

/** Says that a database is away and, once, that it is back, on behalf of all who wait for it at the same time. */
export interface AwayTeller {
  /** For each of those who persevere. */
  readonly hooks: Required<Pick<Perseverance, 'onAway' | 'onBack'>>;
  /** It was away for somebody who does not wait. */
  readonly met: (error: unknown) => void;
  /** It answered somebody: to be called regularly, for it is back only when nobody has met it away for a while. */
  readonly answered: () => void;
}

/** How long nobody may have met it away before it is said to be back: one connection is made again sooner than another. */
const QUIET_MS = 1500;
/** How often it is told that it is still away. */
const AGAIN_MS = 30_000;

/** `tell` hears clauses without a full stop, such as `PostgreSQL at db:5432 does not answer` and `PostgreSQL at db:5432 answers again after 15 s`. */
export const awayTeller = (
  place: QueuePlace,
  tell: (words: string, isBack: boolean) => void,
  { quietMs = QUIET_MS, againMs = AGAIN_MS }: { readonly quietMs?: number; readonly againMs?: number } = {},
): AwayTeller => {
  let since: number | null = null;
  let last = 0;
  let told = -Infinity;
  let waiting = 0;
  const met = (error: unknown): void => {
    if (isCollision(error)) return;
    last = performance.now();
    since ??= last;
    if (last - told < againMs) return;
    told = last;
    tell(awayWords(place, error), false);
  };
  return {
    met,
    hooks: {
      onAway: error => {
        waiting++;
        met(error);
      },
      onBack: () => {
        waiting--;
      },
    },
    answered: () => {
      const now = performance.now();
      if (since === null || waiting > 0 || now - last < quietMs) return;
      const seconds = Math.max(1, Math.round((now - since) / 1000));
      since = null;
      told = -Infinity;
      tell(`${place.server} answers again after ${seconds} s`, true);
    },
  };
};
