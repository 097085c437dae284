/** Something to be timed. Its result is kept alive until the clock is read, so that no part of the work can be left out. */
export interface Contender {
  readonly run: () => unknown;
  /** Runs per round: a short contender is repeated until a round of it is well above the clock's resolution. */
  readonly repeat?: number;
}

/** Seconds per run, round by round. */
export type Timings = readonly number[];

/** Seconds since some moment. */
export type Clock = () => number;

const wallClock: Clock = () => performance.now() / 1000;

/** Seconds that this process has used of all cores, the collector's helpers included. It stands still while other programs have the core: for ratios on a machine that is not ours alone. */
export const processorClock: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Holds the last result: what is reachable when the clock is read has been computed. */
const kept: unknown[] = [];

const timeOnce = async ({ run, repeat = 1 }: Contender, clock: Clock): Promise<number> => {
  // Young objects only. A full collection at a moment when no engine is alive also throws away the shapes of its objects and the machine code made for
  // them, and what follows would be timed while it is compiled anew: measured at 1.6 times, and no user ever runs into it.
  globalThis.gc?.({ type: 'minor' });
  const start = clock();
  for (let i = 0; i < repeat; i++) {
    const result = run();
    kept[0] = result instanceof Promise ? await result : result;
  }
  return (clock() - start) / repeat;
};

/**
 * Times contenders by turns: all of them once in each round, young garbage collected before each, so that a machine that slows down slows all of them. The order
 * is turned round in every other round. Rounds before the first that counts warm the code up.
 */
export const interleave = async (
  contenders: readonly Contender[],
  { warmups, rounds, clock = wallClock }: { readonly warmups: number; readonly rounds: number; readonly clock?: Clock },
): Promise<readonly Timings[]> => {
  const timings: number[][] = contenders.map(() => []);
  for (let round = -warmups; round < rounds; round++) {
    const order = contenders.map((_, i) => (round % 2 === 0 ? i : contenders.length - 1 - i));
    for (const i of order) {
      const seconds = await timeOnce(contenders[i] as Contender, clock);
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

/** The value below which this part of them lies, straight between the two nearest. NaN of none. */
const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  return below + (at % 1) * ((sorted[Math.ceil(at)] ?? NaN) - below);
};

/** Half the interquartile range as a fraction of the median: half of the rounds lie within about this of it, and no single bad round moves it. Null of fewer than three. */
export const spreadOf = (timings: Timings): number | null =>
  timings.length < 3 ? null : (quantile(timings, 0.75) - quantile(timings, 0.25)) / 2 / median(timings);

/** How many times as long as `base` it took: the median of the rounds' own ratios, which noise that lasts longer than a round leaves alone. */
export const ratioOf = (timings: Timings, base: Timings): number => median(timings.map((seconds, round) => seconds / (base[round] ?? NaN)));
