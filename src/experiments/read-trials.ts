import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trial } from './trial-ledger.js';

/** A distinct trial as all lines about it together have it. */
export interface TrialOnRecord {
  readonly hash: string;
  readonly code: string;
  readonly data: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** When it first began, by the wall clock; NaN where no line says. */
  readonly at: number;
  /** Under which names and in which roles it was evaluated. */
  readonly strategies: ReadonlySet<string>;
  readonly roles: ReadonlySet<Trial['role']>;
  /** Lines that announce it: repeats. */
  readonly lines: number;
  /** Whether a result is known; it is not where the trial was interrupted, or runs now. */
  readonly settled: boolean;
  /** Shape of its returns (`sketchOf`), of the plain run rather than of a check of it; null where no line has one. */
  readonly sketch: string | null;
  /** Sharpe ratio per return observation of the same run; null where no line has one. */
  readonly sharpe: number | null;
}

/** One that is being read. */
type Reading = { -readonly [K in keyof TrialOnRecord]: TrialOnRecord[K] } & {
  readonly strategies: Set<string>;
  readonly roles: Set<Trial['role']>;
};

/** What a ledger folder holds. */
export interface TrialsOnRecord {
  /** In the order of their first lines, files in the order of their names. */
  readonly trials: readonly TrialOnRecord[];
  /** Lines that cannot be read: torn by a crash, or damaged. A trial never begins before its line is whole on disk, so a torn one was not evaluated. */
  readonly unreadable: number;
}

/** Hands over each line of a file that is not empty, a piece of the file at a time. */
const eachLine = async (path: string, visit: (line: string) => void): Promise<void> => {
  let rest = '';
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') visit(line);
  }
  if (rest !== '') visit(rest);
};

const parse = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
};

const number = (value: unknown): number => (typeof value === 'number' ? value : NaN);

const ROLES: readonly Trial['role'][] = ['train', 'test', 'run', 'check'];

/** When a run put its first trial on record, by the wall clock; NaN where the ledger does not say. */
export const runBegan = async (folder: string, runId: string): Promise<number> => {
  const path = join(folder, `${runId}.ndjson`);
  let began = NaN;
  await eachLine(path, text => {
    const line = parse(text);
    const at = line?.['type'] === 'trial' ? number(line['at']) : NaN;
    if (!(began <= at) && !Number.isNaN(at)) began = at;
  }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
  return began;
};

/** Read the trials of every run. A folder that does not exist holds none. Files of any earlier release are read: what they lack is unknown. */
export const readTrials = async (folder: string): Promise<TrialsOnRecord> => {
  const files = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const trials = new Map<string, Reading>();
  const results = new Map<string, { readonly sketch: string | null; readonly sharpe: number | null; readonly isCheck: boolean }>();
  // One text for the many trials that share it.
  const texts = new Map<unknown, string>();
  const shared = (value: unknown): string => {
    const text = typeof value === 'string' ? value : '';
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  let unreadable = 0;
  const begun = (hash: string, line: Readonly<Record<string, unknown>>): void => {
    let trial = trials.get(hash);
    if (trial === undefined) {
      trial = {
        hash,
        code: shared(line['code']),
        data: shared(line['data']),
        from: number(line['from']),
        to: number(line['to']),
        at: NaN,
        strategies: new Set(),
        roles: new Set(),
        lines: 0,
        settled: false,
        sketch: null,
        sharpe: null,
      };
      trials.set(hash, trial);
    }
    trial.lines++;
    trial.strategies.add(shared(line['strategy']));
    const role = ROLES.find(each => each === line['role']);
    if (role !== undefined) trial.roles.add(role);
    const at = number(line['at']);
    if (!(trial.at <= at) && !Number.isNaN(at)) trial.at = at;
  };
  const ended = (hash: string, line: Readonly<Record<string, unknown>>): void => {
    const sketch = typeof line['sketch'] === 'string' ? line['sketch'] : null;
    const sharpe = typeof line['sharpe'] === 'number' ? line['sharpe'] : null;
    const isCheck = line['role'] === 'check';
    const known = results.get(hash);
    const isPlainer = known === undefined || (known.isCheck && !isCheck);
    // The plain run before a check of it, which has other costs; of equals the first that says anything.
    const pick = <T>(mine: T | null, other: T | null): T | null => (isPlainer ? (mine ?? other) : (other ?? mine));
    results.set(hash, {
      sketch: pick(sketch, known?.sketch ?? null),
      sharpe: pick(sharpe, known?.sharpe ?? null),
      isCheck: isPlainer ? isCheck : known.isCheck,
    });
  };
  for (const name of files.filter(file => file.endsWith('.ndjson')).sort())
    await eachLine(join(folder, name), text => {
      const line = parse(text);
      const hash = line?.['hash'];
      if (line === undefined || typeof hash !== 'string') unreadable++;
      else if (line['type'] === 'result') ended(hash, line);
      else if (line['type'] === 'trial') begun(hash, line);
      else unreadable++;
    });
  for (const [hash, { sketch, sharpe }] of results) {
    const trial = trials.get(hash);
    if (trial === undefined) continue;
    trial.settled = true;
    trial.sketch = sketch;
    trial.sharpe = sharpe;
  }
  return { trials: [...trials.values()], unreadable };
};
