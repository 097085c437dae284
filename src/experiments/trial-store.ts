import type { TrialsOnRecord } from './read-trials.js';
import type { TrialLedger } from './trial-ledger.js';

/** One trial of one run, for queries: see the view `trials`. Times are epoch ms. */
export interface TrialTableRow {
  readonly run_id: string;
  readonly hash: string;
  readonly strategy: string;
  readonly role: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly params: unknown;
  readonly objective: number | null;
  readonly sharpe: number | null;
  readonly settled: boolean;
  readonly sketch: string | null;
  readonly code: string;
  readonly data: string;
  readonly config: string;
  readonly begun: number | null;
  /** The workspace that made it. */
  readonly place: string;
}

/** Trials of a whole team, in one database: N counts those of colleagues too. A workspace by itself keeps the files of its `ledger/` instead. */
export interface TrialStore {
  /** Names the team, for what is counted in it: the chain of its audit log. */
  scope(): Promise<string>;
  /** Open a run's trials, new or resumed, for appending. `clock` gives the wall time noted beside each. */
  open(runId: string, clock: () => number): Promise<TrialLedger>;
  /** Every trial in the order in which they were first put on record; with a strategy only those under a name that belongs to it, as `filterTrials` takes names together. */
  read(strategy?: string): Promise<TrialsOnRecord>;
  /** Everything, some thousand rows at a time. */
  table(): AsyncIterable<readonly TrialTableRow[]>;
  /** Different trials, of whatever strategy, on any of these data. */
  onData(data: readonly string[]): Promise<number>;
  /** When this workspace's run put its first trial on record, by the wall clock; NaN where it has none. */
  began(runId: string): Promise<number>;
}

/** Where trials go on record and are counted: a workspace's `ledger/` folder, or the store of the team that it belongs to. */
export type TrialPlace = string | TrialStore;
