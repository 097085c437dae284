import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { syncFolder } from '../durable-file.js';
import { failed, messageOf, usageError } from '../errors.js';
import { sketchOf } from './returns-sketch.js';
import { trialHash } from './trial.js';
import type { TrialIdentity, TrialOutcome } from './trial.js';
import type { TrialPlace } from './trial-store.js';

/** A configuration about to be evaluated. */
export interface Trial extends TrialIdentity {
  readonly strategy: string;
  /** SHA-256 of the run's configuration without its window: a link, not part of what N counts. */
  readonly config: string;
  /**
   * `train`: one of those that a search chooses among; `test`: the choice, on a window that chose nothing; `run`: a run by itself; `check`: what was chosen, once more on
   * changed data or under other conditions, where nothing is chosen.
   */
  readonly role: 'train' | 'test' | 'run' | 'check';
}

/** A trial with its result; null where it came to none. */
export interface FinishedTrial {
  readonly trial: Trial;
  readonly outcome: TrialOutcome | null;
}

/** One run's file in the ledger, open for appending. */
export interface TrialLedger {
  /** On disk (flushed) when it resolves. Call it before the trials begin, or a crash hides them. Repeats are harmless. */
  begin(trials: readonly Trial[]): Promise<void>;
  /**
   * Makes sure that trials which an earlier run of the same name finished are on record, with what came of them, and adds no line for one that is. Left out where that run wrote into this very ledger; a team's may be
   * named later than a search was begun, and may have lost results that a job's file has.
   */
  recall?(done: readonly FinishedTrial[]): Promise<void>;
  /** What came of one. Flushed with the next `begin` or at the close. */
  settle(trial: Trial, outcome: TrialOutcome): Promise<void>;
  close(): Promise<void>;
}

/** What a run may be called: it names a file. */
export const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Open `ledger/<run-id>.ndjson` for a run, new or resumed. One run writes one file, so writers never meet; a run that is resumed in two
 * processes at once writes whole lines that count once all the same. `clock` gives the wall time noted beside each line, which no hash holds.
 * Where the workspace belongs to a team its store is opened instead.
 */
export const openTrialLedger = async (folder: TrialPlace, runId: string, clock: () => number): Promise<TrialLedger> => {
  if (typeof folder !== 'string') return folder.open(runId, clock);
  if (!RUN_ID.test(runId))
    throw usageError('bad-run-id', `"${runId}" is not a run id.`, 'Use letters, digits, dots, dashes and underscores.');
  const path = join(folder, `${runId}.ndjson`);
  const file = await mkdir(folder, { recursive: true })
    .then(() => open(path, 'a+'))
    .catch((error: unknown) => {
      throw failed(
        'no-ledger',
        `${path} cannot be written, and nothing is evaluated off the record: ${messageOf(error)}`,
        'Let the workspace’s `ledger/` be written, or name another workspace with --workspace.',
      );
    });
  const { size } = await file.stat();
  // A new file must outlive a power cut as its lines do.
  if (size === 0) await syncFolder(folder);
  // A line torn by a crash ends here; what follows must not be glued to it.
  if (size > 0 && (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== 0x0a) await file.appendFile('\n');
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const begun = (trial: Trial, at: number): string => {
    const { strategy, code, data, params, range, config, role } = trial;
    return canonicalJson({ type: 'trial', hash: trialHash(trial), strategy, code, data, params, ...range, config, role, run: runId, at });
  };
  const settled = (trial: Trial, { objective, sharpe, returns }: TrialOutcome, at: number): string =>
    canonicalJson({
      type: 'result',
      hash: trialHash(trial),
      role: trial.role,
      objective,
      sharpe: sharpe ?? null,
      sketch: returns ? sketchOf(returns) : null,
      run: runId,
      at,
    });
  let waiting: string[] = [];
  let written: Promise<void> = Promise.resolve();
  return {
    begin: trials =>
      enqueue(async () => {
        if (trials.length === 0) return;
        const at = clock();
        await file.appendFile(trials.map(trial => `${begun(trial, at)}\n`).join(''));
        await file.datasync();
      }),
    settle: (trial, outcome) => {
      // Results that come while the disk is busy go into one write.
      if (waiting.push(`${settled(trial, outcome, clock())}\n`) === 1)
        written = enqueue(async () => {
          const lines = waiting;
          waiting = [];
          await file.appendFile(lines.join(''));
        });
      return written;
    },
    close: () =>
      enqueue(async () => {
        await file.datasync();
        await file.close();
      }),
  };
};
