import { spreadOf, type Timings } from './interleave.js';

/** What a figure is held to. The verdict `met` or `missed` stands beside it in the table. */
export interface Target {
  readonly on: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
  /** In words, e.g. `≥ 1.5 million bars/s`. */
  readonly text: string;
}

/** One figure that a benchmark measured. */
export interface Measurement {
  readonly name: string;
  /** Null when it could not be measured; `note` then says why. */
  readonly value: number | null;
  readonly unit: string;
  /** Half of the range that holds the middle half of the rounds, as a fraction of their median. Null where there are no rounds to tell it from. */
  readonly spread: number | null;
  /** Rounds that the median is of; null where it is not a median of rounds. */
  readonly rounds: number | null;
  /** How many times the cost of `of`: 1 is the same, 2 is twice as slow (or as large). Null when there is nothing to compare with. */
  readonly ratio: number | null;
  readonly of: string | null;
  readonly targets: readonly Target[];
  /** What a reader must know to read the figure, such as what the other one does not do. */
  readonly note: string | null;
}

/** Packages that are measured beside ours: where they are, and of those that are not there the reason, by their folder. */
export interface Rivals {
  readonly folder: string;
  readonly missing: Readonly<Record<string, string>>;
}

/** How a benchmark is to be run. */
export interface BenchContext {
  /** Smaller sizes and fewer rounds: shows that everything runs, and ratios roughly. */
  readonly quick: boolean;
  /** Folder for files that may be large; removed in the end unless the user keeps it for the next run. */
  readonly scratch: string;
  /** Folder of the built platform. */
  readonly dist: string;
  readonly rivals: Rivals;
  /** Run this benchmark's `probe` in a fresh process and return what it returned. */
  readonly probe: (argument: unknown) => Promise<unknown>;
}

/** A benchmark: a module of this folder that is run in a process of its own, so that no other one's code has shaped its machine code. */
export interface Benchmark {
  readonly run: (context: BenchContext) => Promise<readonly Measurement[]>;
  readonly probe?: (argument: unknown, context: BenchContext) => Promise<unknown>;
}

/** A figure with nothing beside it but what is given. `timings` are the rounds it is the median of. */
export const measurement = (
  name: string,
  value: number | null,
  unit: string,
  rest: {
    readonly timings?: Timings;
    readonly ratio?: number;
    readonly of?: string;
    readonly targets?: readonly Target[];
    readonly note?: string;
  } = {},
): Measurement => ({
  name,
  value,
  unit,
  spread: rest.timings === undefined ? null : spreadOf(rest.timings),
  rounds: rest.timings?.length ?? null,
  ratio: rest.ratio ?? null,
  of: rest.of ?? null,
  targets: rest.targets ?? [],
  note: rest.note ?? null,
});

/** Whether a figure is within its target. A figure that is not there, or without the ratio that its target is on, misses it. */
export const isMet = ({ value, ratio }: Measurement, { on, atLeast = -Infinity, atMost = Infinity }: Target): boolean => {
  const figure = on === 'value' ? value : ratio;
  return figure !== null && figure >= atLeast && figure <= atMost;
};
