import { isMet, type Measurement, type Target } from './benchmark.js';
import type { Machine } from './machine.js';

/** A target and what came of it. */
export interface JudgedTarget extends Target {
  readonly met: boolean;
}

/** A measurement as it is kept. */
export interface RecordedResult extends Omit<Measurement, 'targets'> {
  readonly targets: readonly JudgedTarget[];
}

/** One run of `npm run bench`: what `--json` prints, and a line of the history. */
export interface RunRecord {
  /** When it began, ISO 8601. */
  readonly date: string;
  /** Of the sources, with `-dirty` when they were changed since; null outside of a repository. */
  readonly commit: string | null;
  /** Sizes were cut: not to be compared with a run whose were not. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly results: readonly RecordedResult[];
}

/** NaN is no JSON, and no measurement. */
const finite = (x: number | null): number | null => (x !== null && Number.isFinite(x) ? x : null);

export const runRecord = (
  run: Pick<RunRecord, 'date' | 'commit' | 'quick' | 'machine'>,
  measurements: readonly Measurement[],
): RunRecord => ({
  ...run,
  results: measurements.map(m => ({
    ...m,
    value: finite(m.value),
    spread: finite(m.spread),
    ratio: finite(m.ratio),
    targets: m.targets.map(target => ({ ...target, met: isMet(m, target) })),
  })),
});
