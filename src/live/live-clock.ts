/** Takes a timer back. */
export type CancelTimer = () => void;

/**
 * The only source of time of the live side, so that all of it runs as well on a virtual clock. Requests, signatures, rate limits, time-outs and keep-alive run on wall time; event times, bars, funding and
 * bounds on the age of data on market time, which is the same on a real venue and a multiple of it on the practice exchange. Epoch ms.
 */
export interface LiveClock {
  /** Wall time as this machine has it. It may step. */
  wall(): number;
  /** Milliseconds since some moment; never runs back. Time-outs and ages of requests are measured with it. */
  monotonic(): number;
  /** Market time. Never runs back. */
  market(): number;
  /** Market milliseconds in one wall millisecond: 1 on a real venue. */
  readonly speed: number;
  /** Call `action` once, so many wall milliseconds from now. Timers due at one moment are called in the order in which they were set. */
  after(wallMs: number, action: () => void): CancelTimer;
}

/** Resolves after so many wall milliseconds. */
export const pause = (clock: LiveClock, wallMs: number): Promise<void> => new Promise(resolve => clock.after(wallMs, resolve));
