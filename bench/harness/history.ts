import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isSameMachine, type Machine } from './machine.js';
import type { RecordedResult, RunRecord } from './run-record.js';

/** What a comparison needs of an earlier run; the rest of its line may be older than this program. */
export interface EarlierRun extends Pick<RunRecord, 'date' | 'commit' | 'quick' | 'machine'> {
  readonly results: readonly Pick<RecordedResult, 'name' | 'value' | 'unit' | 'spread'>[];
}

const earlierRun: z.ZodType<EarlierRun> = z.object({
  date: z.string(),
  commit: z.string().nullable(),
  quick: z.boolean(),
  machine: z.object({ cpu: z.string(), cores: z.number(), memory: z.number(), node: z.string(), os: z.string(), load: z.number() }),
  results: z.array(z.object({ name: z.string(), value: z.number().nullable(), unit: z.string(), spread: z.number().nullable() })),
});

/** Add a run to the history: one line of JSON. */
export const appendRun = (file: string, run: RunRecord): Promise<void> => appendFile(file, `${JSON.stringify(run)}\n`);

/** The runs of a file, oldest first: the history's lines, or the one document that `--json` printed. */
const runsOf = (text: string): EarlierRun[] => {
  const whole = text.trim();
  if (whole === '') return [];
  // A document of many lines opens with its brace alone; a line of the history holds all of its run.
  const documents = /^\{\s*\n/.test(whole) ? [whole] : whole.split('\n').filter(line => line.trim() !== '');
  return documents.map(document => earlierRun.parse(JSON.parse(document)));
};

/** The last run of a file that may be compared with one of this size on this machine. Throws a sentence when there is none. */
export const lastComparable = async (file: string, run: { readonly machine: Machine; readonly quick: boolean }): Promise<EarlierRun> => {
  const runs = await readFile(file, 'utf8').then(runsOf, (error: NodeJS.ErrnoException) => {
    throw new Error(
      `${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file; --save begins a history' : error.message}`,
    );
  });
  const found = runs.findLast(({ machine, quick }) => quick === run.quick && isSameMachine(machine, run.machine));
  if (found) return found;
  throw new Error(
    runs.length === 0
      ? `${file} holds no run yet; --save adds one`
      : `${file} holds no run of this machine (${run.machine.cpu}, ${run.machine.cores} cores, Node ${run.machine.node})${run.quick ? ' with --quick' : ''}: figures of another say nothing about the code`,
  );
};

/**
 * How far a figure moved since, as a fraction of what it was: 0.1 is a tenth more. Null when the earlier run has no such figure; `isNoise` when it moved by no more
 * than the spreads of both together.
 */
export const changeSince = (
  earlier: EarlierRun,
  now: { readonly name: string; readonly value: number | null; readonly unit: string; readonly spread: number | null },
): { readonly change: number; readonly isNoise: boolean } | null => {
  const before = earlier.results.find(({ name, unit }) => name === now.name && unit === now.unit);
  if (before === undefined || before.value === null || before.value === 0 || now.value === null) return null;
  const change = now.value / before.value - 1;
  return { change, isNoise: Math.abs(change) <= (before.spread ?? 0) + (now.spread ?? 0) };
};
