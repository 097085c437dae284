import { PHASE, type Chunk, type MarketKind } from '../../events/market.js';
import type { BarSlices } from './bar-slices.js';
import type { FeedCounters } from './feed-counters.js';
import type { FeedSink } from './feed-port.js';
import type { FeedTimers } from './feed-timers.js';
import type { RowBuffer } from './row-buffer.js';

/** Puts what is at hand into slabs and gives them to the consumer, one at a time. */
export interface SlabPump {
  /** The consumer has not taken the last slab yet: ticks are conflated. */
  readonly isBusy: boolean;
  /** Give what is at hand. */
  give(): void;
  /** The same once what runs now has run, so that ticks which arrive together are given together. */
  soon(): void;
  /** Nothing is given while held. */
  hold(isHeld: boolean): void;
}

/** Less than any step of market time, more than the resolution of an epoch in milliseconds as a double: the engine plays what is before `to`. */
const AFTER = 0.001;

export const slabPump = ({
  slices,
  buffers,
  timers,
  counters,
  sink,
}: {
  readonly slices: BarSlices;
  /** By symbol, in symbol order. */
  readonly buffers: readonly (readonly [MarketKind, RowBuffer])[];
  readonly timers: FeedTimers;
  readonly counters: FeedCounters;
  readonly sink: Pick<FeedSink, 'slab'>;
}): SlabPump => {
  const ordered = [...buffers].sort(([a], [b]) => PHASE[a] - PHASE[b]);
  let isHeld = true;
  let isBusy = false;
  let isSoon = false;
  /** Time of the newest row or close that was given. */
  let played = -Infinity;
  const late = (rows: number): void => {
    counters.late += rows;
  };
  const give = (): void => {
    if (isHeld || isBusy || timers.stopped) return;
    const { chunks, closed, behind } = slices.take(played);
    // What is later than the next bar waits for it; the rest is played in time order with the bars that are given.
    const through = slices.nextClose;
    const ticks: Chunk[] = [];
    let newest = Math.max(played, closed);
    for (const [, buffer] of ordered) {
      const chunk = buffer.rows === 0 ? null : buffer.take(through, played, late);
      if (chunk === null) continue;
      ticks.push(chunk);
      newest = Math.max(newest, chunk.ts[chunk.rows - 1]!);
    }
    // A bar may close at the very time of the newest tick.
    if (ticks.length === 0 && chunks.length === 0 && behind.length === 0) return;
    played = newest;
    counters.slabs++;
    const taken = sink.slab({ to: played + AFTER, chunks: [...ticks, ...chunks], behind });
    if (taken === undefined) return;
    isBusy = true;
    void taken
      .catch(() => undefined)
      .finally(() => {
        isBusy = false;
        give();
      });
  };
  const giveSoon = async (): Promise<void> => {
    // No timer: it would take a millisecond at least, and what arrived in one read of the socket is all here by then.
    await Promise.resolve();
    isSoon = false;
    give();
  };
  return {
    get isBusy() {
      return isBusy;
    },
    give,
    soon: () => {
      if (isSoon || isHeld || isBusy) return;
      isSoon = true;
      void giveSoon();
    },
    hold: held => {
      isHeld = held;
    },
  };
};
