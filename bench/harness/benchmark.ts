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
  readonly value: number;
  readonly unit: string;
  /** How many times the cost of `of`: 1 is the same, 2 is twice as slow (or as large). Null when there is nothing to compare with. */
  readonly ratio: number | null;
  readonly of: string | null;
  readonly targets: readonly Target[];
}

/** How a benchmark is to be run. */
export interface BenchContext {
  /** Smaller sizes and fewer rounds: shows that everything runs, and ratios roughly. */
  readonly quick: boolean;
  /** Folder for files that may be large; removed in the end unless the user keeps it for the next run. */
  readonly scratch: string;
  /** Folder of the built platform. */
  readonly dist: string;
  /** Run this benchmark's `probe` in a fresh process and return what it returned. */
  readonly probe: (argument: unknown) => Promise<unknown>;
}

/** A benchmark: a module of this folder that is run in a process of its own, so that no other one's code has shaped its machine code. */
export interface Benchmark {
  readonly run: (context: BenchContext) => Promise<readonly Measurement[]>;
  readonly probe?: (argument: unknown) => Promise<unknown>;
}

/** A figure with nothing beside it but what is given. */
export const measurement = (
  name: string,
  value: number,
  unit: string,
  rest: { readonly ratio?: number; readonly of?: string; readonly targets?: readonly Target[] } = {},
): Measurement => ({ name, value, unit, ratio: rest.ratio ?? null, of: rest.of ?? null, targets: rest.targets ?? [] });

/** Whether a figure is within its target. A figure without the ratio that its target is on misses it. */
export const isMet = ({ value, ratio }: Measurement, { on, atLeast = -Infinity, atMost = Infinity }: Target): boolean => {
  const figure = on === 'value' ? value : ratio;
  return figure !== null && figure >= atLeast && figure <= atMost;
};
