import type { JobView } from '../api/research-api.js';
import type { CommandOutcome } from '../platform.js';

type Ending = Pick<JobView, 'state' | 'run' | 'error' | 'result'>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A document that is larger is told by its figures alone. */
const LARGEST = 20_000;
const FIGURES = new Set(['metrics', 'outOfSample', 'costs', 'tried', 'scores']);

/** What of a command's document a list of jobs can carry: all of a small one, else its plain values and its figures. */
const digest = (document: unknown): unknown => {
  if (!isRecord(document) || JSON.stringify(document).length <= LARGEST) return document;
  return Object.fromEntries(
    Object.entries(document).filter(([name, value]) => typeof value !== 'object' || value === null || FIGURES.has(name)),
  );
};

/** The run that a command made or looked at. */
const runOf = (document: unknown): string | null => {
  if (!isRecord(document)) return null;
  const { runId, run } = document;
  if (typeof runId === 'string') return runId;
  return isRecord(run) && typeof run['runId'] === 'string' ? run['runId'] : null;
};

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Why it failed: as its document says, else as it said on its way out. */
const errorOf = ({ document, said, exitCode }: CommandOutcome): NonNullable<JobView['error']> => {
  const error = isRecord(document) && isRecord(document['error']) ? document['error'] : {};
  const line = (name: string): string | null => new RegExp(`^${name}: (.+)$`, 'm').exec(said)?.[1] ?? null;
  const last = said.trim().split('\n').at(-1);
  return {
    code: text(error['code']) ?? 'command-failed',
    message: text(error['message']) ?? line('error') ?? line('internal error') ?? (last || `It ended with code ${exitCode}.`),
    fix: text(error['fix']) ?? line('fix'),
  };
};

const INTERRUPTED = 130;

/** How a job ended. */
export const jobEnding = (outcome: CommandOutcome, isCancelled: boolean): Ending => {
  const { document, exitCode } = outcome;
  const isRefusal = isRecord(document) && 'error' in document;
  const made = { run: isRefusal ? null : runOf(document), result: isRefusal ? null : (digest(document) ?? null) };
  // It may have been done before it heard of its cancellation.
  if (exitCode === 0) return { ...made, state: 'done', error: null };
  return { ...made, state: isCancelled || exitCode === INTERRUPTED ? 'cancelled' : 'failed', error: errorOf(outcome) };
};
