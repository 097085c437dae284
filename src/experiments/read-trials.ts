import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trial } from './trial-ledger.js';
import type { TrialPlace } from './trial-store.js';

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

/** What a ledger holds. */
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
export const runBegan = async (folder: TrialPlace, runId: string): Promise<number> => {
  if (typeof folder !== 'string') return folder.began(runId);
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

/** What a line says, of a file or of a row. */
type Line = Readonly<Record<string, unknown>>;

/** Takes lines about trials together, whatever they were kept in. */
export interface TrialFold {
  /** A line that announces a trial; `lines` says how often, once where it is left out. */
  begun(hash: string, line: Line): void;
  /** A line that says what came of one. */
  ended(hash: string, line: Line): void;
  /** A line that says neither. */
  unreadable(): void;
  onRecord(): TrialsOnRecord;
}

/** Begins with nothing. */
export const foldTrials = (): TrialFold => {
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
  return {
    begun: (hash, line) => {
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
      trial.lines += typeof line['lines'] === 'number' ? line['lines'] : 1;
      trial.strategies.add(shared(line['strategy']));
      const role = ROLES.find(each => each === line['role']);
      if (role !== undefined) trial.roles.add(role);
      const at = number(line['at']);
      if (!(trial.at <= at) && !Number.isNaN(at)) trial.at = at;
    },
    ended: (hash, line) => {
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
    },
    unreadable: () => {
      unreadable++;
    },
    onRecord: () => {
      for (const [hash, { sketch, sharpe }] of results) {
        const trial = trials.get(hash);
        if (trial === undefined) continue;
        trial.settled = true;
        trial.sketch = sketch;
        trial.sharpe = sharpe;
      }
      return { trials: [...trials.values()], unreadable };
    },
  };
};

/** Files of a ledger folder, in the order of their names. A folder that does not exist holds none. */
export const ledgerFiles = async (folder: string): Promise<readonly string[]> => {
  const files = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return files.filter(file => file.endsWith('.ndjson')).sort();
};

/** Hands over what each line of a ledger's file says; null for one that says nothing of a trial. */
export const eachTrialLine = (path: string, visit: (type: 'trial' | 'result' | null, hash: string, line: Line) => void): Promise<void> =>
  eachLine(path, text => {
    const line = parse(text);
    const hash = line?.['hash'];
    const type = line?.['type'];
    if (line === undefined || typeof hash !== 'string' || (type !== 'trial' && type !== 'result')) visit(null, '', {});
    else visit(type, hash, line);
  });

/**
 * Read the trials of every run; of a team's store, with a strategy, only those that `filterTrials` would let through for it. A folder that does not exist holds none. Files of any earlier release are read: what they lack is
 * unknown.
 */
export const readTrials = async (folder: TrialPlace, strategy?: string): Promise<TrialsOnRecord> => {
  if (typeof folder !== 'string') return folder.read(strategy);
  const fold = foldTrials();
  for (const name of await ledgerFiles(folder))
    await eachTrialLine(join(folder, name), (type, hash, line) => {
      if (type === 'result') fold.ended(hash, line);
      else if (type === 'trial') fold.begun(hash, line);
      else fold.unreadable();
    });
  return fold.onRecord();
};
