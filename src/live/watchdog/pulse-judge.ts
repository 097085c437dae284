import type { Pulse } from './pulse.js';

/** How long what may last before it counts. Monotonic ms. */
export interface PulseBounds {
  /** Without an answer. */
  readonly silentMs: number;
  /** Facts wait and the disk takes none. */
  readonly diskMs: number;
  /** It answers, and may not open exposure. */
  readonly unreadyMs: number;
}

/** `hung`: no answer, or a disk that takes nothing. `unready`: alive, and it sees to itself; people should know. */
export type PulseFinding = { readonly finding: 'well' } | { readonly finding: 'hung' | 'unready'; readonly text: string };

/** Judges a session by its pulses. `now` is monotonic ms and does not run back. */
export interface PulseJudge {
  hear(pulse: Pulse, now: number): void;
  finding(now: number): PulseFinding;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;

export const pulseJudge = ({ silentMs, diskMs, unreadyMs }: PulseBounds, start: number): PulseJudge => {
  let heardAt = start;
  let durable = -1;
  let writtenAt = start;
  let readyAt = start;
  let last: Pulse | null = null;
  return {
    hear: (pulse, now) => {
      // Time in which nobody could be heard is not held against disk and broker: that it was silent was judged meanwhile.
      const gap = now - heardAt;
      heardAt = now;
      if (gap > silentMs) [writtenAt, readyAt] = [now, now];
      if (pulse.durable >= pulse.facts || pulse.durable !== durable || pulse.epoch !== last?.epoch) writtenAt = now;
      if (pulse.ready || pulse.phase === 'stopping') readyAt = now;
      durable = pulse.durable;
      last = pulse;
    },
    finding: now => {
      if (now - heardAt > silentMs) return { finding: 'hung', text: `the session has not answered for ${seconds(now - heardAt)}` };
      if (now - writtenAt > diskMs)
        return { finding: 'hung', text: `the session's disk has taken nothing for ${seconds(now - writtenAt)}` };
      if (now - readyAt > unreadyMs)
        return {
          finding: 'unready',
          text: `the session has not been ready for ${seconds(now - readyAt)}: ${last?.because ?? 'it does not say why'}`,
        };
      return { finding: 'well' };
    },
  };
};
