import type { RunLine } from '../../api/research-api.js';

/** What the table of runs shows. Empty words show all. */
export interface RunWish {
  readonly strategy: string;
  readonly command: string;
  /** Anywhere in id, strategy or dataset. */
  readonly text: string;
}

/** The runs that a reader wants, in their order. */
export const wantedRuns = (runs: readonly RunLine[], { strategy, command, text }: RunWish): readonly RunLine[] => {
  const needle = text.trim().toLowerCase();
  return runs.filter(
    run =>
      (strategy === '' || run.strategy === strategy) &&
      (command === '' || run.command === command) &&
      (needle === '' || `${run.run} ${run.strategy} ${run.dataset}`.toLowerCase().includes(needle)),
  );
};

/** Distinct words of a column, sorted, for a filter. */
export const wordsOf = (runs: readonly RunLine[], column: 'strategy' | 'command'): readonly string[] =>
  [...new Set(runs.map(run => run[column]))].sort();

/** Adds a run to those that are compared, or takes it away. The order of choice stays, for the first is what the others are measured against. */
export const toggled = (chosen: readonly string[], run: string): readonly string[] =>
  chosen.includes(run) ? chosen.filter(each => each !== run) : [...chosen, run];
