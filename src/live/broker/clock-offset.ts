/** What is known of the venue's clock against ours. */
export interface ClockOffset {
  /** Venue minus ours, wall ms; NaN before the first sample. */
  readonly offset: number;
  /** Half the round trip of the sample: the offset is known no better. */
  readonly uncertainty: number;
  /** Wall minus monotonic time when it was last looked at: it changes when the wall clock is set. */
  readonly base: number;
}

export const unknownOffset: ClockOffset = { offset: NaN, uncertainty: Infinity, base: NaN };

/** A sample of the venue's clock, asked at one and answered at another wall time (Cristian, 1989: the answer is as old as half the round trip). */
export const sampled = (server: number, asked: number, answered: number, monotonic: number): ClockOffset => ({
  offset: server - (asked + answered) / 2,
  uncertainty: (answered - asked) / 2,
  base: answered - monotonic,
});

/** Whether our wall clock was set since the sample, by more than `tolerance` ms. */
export const hasStepped = ({ base }: ClockOffset, wall: number, monotonic: number, tolerance: number): boolean =>
  !Number.isNaN(base) && Math.abs(wall - monotonic - base) > tolerance;

/** Whether the clocks are further apart than `bound`, or nothing is known of it. */
export const isApart = ({ offset, uncertainty }: ClockOffset, bound: number): boolean => !(Math.abs(offset) - uncertainty <= bound);
