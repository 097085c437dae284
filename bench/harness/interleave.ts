/** Something to be timed. Its result is kept alive until the clock is read, so that no part of the work can be left out. */
export interface Contender {
  readonly run: () => unknown;
  /** Runs per round: a short contender is repeated until a round of it is well above the clock's resolution. */
  readonly repeat?: number;
}

/** Seconds per run, round by round. */
export type Timings = readonly number[];

/** Holds the last result: what is reachable when the clock is read has been computed. */
const kept: unknown[] = [];

const timeOnce = async ({ run, repeat = 1 }: Contender): Promise<number> => {
  // Young objects only. A full collection at a moment when no engine is alive also throws away the shapes of its objects and the machine code made for
  // them, and what follows would be timed while it is compiled anew: measured at 1.6 times, and no user ever runs into it.
  globalThis.gc?.({ type: 'minor' });
  const start = performance.now();
  for (let i = 0; i < repeat; i++) {
    const result = run();
    kept[0] = result instanceof Promise ? await result : result;
  }
  return (performance.now() - start) / 1000 / repeat;
};

/**
 * Times contenders by turns: all of them once in each round, young garbage collected before each, so that a machine that slows down slows all of them. The order
 * is turned round in every other round. Rounds before the first that counts warm the code up.
 */
export const interleave = async (
  contenders: readonly Contender[],
  { warmups, rounds }: { readonly warmups: number; readonly rounds: number },
): Promise<readonly Timings[]> => {
  const timings: number[][] = contenders.map(() => []);
  for (let round = -warmups; round < rounds; round++) {
    const order = contenders.map((_, i) => (round % 2 === 0 ? i : contenders.length - 1 - i));
    for (const i of order) {
      const seconds = await timeOnce(contenders[i] as Contender);
      if (round >= 0) timings[i]?.push(seconds);
    }
  }
  return timings;
};

/** The middle value; the mean of the two middle ones of an even number. NaN of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
};

/** How many times as long as `base` it took: the median of the rounds' own ratios, which noise that lasts longer than a round leaves alone. */
export const ratioOf = (timings: Timings, base: Timings): number => median(timings.map((seconds, round) => seconds / (base[round] ?? NaN)));
