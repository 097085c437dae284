import { existsSync } from 'node:fs';
import { badData } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { readParquet, writeParquet, type TableColumns } from '../parquet.js';
import { Fingerprint } from './fingerprint.js';
import { orderFault, type Journal, type JournalVerdict } from './journal.js';

const ENVELOPE: ReadonlySet<string> = new Set([
  'seq',
  'type',
  'version',
  'ts',
  'knownAt',
  'account',
  'strategy',
  'correlationId',
  'causationId',
]);

const payloadOf = (fact: Fact): string => {
  const payload: Record<string, unknown> = {};
  // Left out rather than copied and deleted: an object that loses keys is spelled at half the speed.
  for (const key of Object.keys(fact)) if (!ENVELOPE.has(key)) payload[key] = Reflect.get(fact, key);
  return JSON.stringify(payload);
};

/** Facts as the columns of a journal's file: the envelope by column, the rest as JSON. */
export const journalColumns = (facts: readonly Fact[]): TableColumns => ({
  seq: Float64Array.from(facts, f => f.seq),
  type: facts.map(f => f.type),
  version: Float64Array.from(facts, f => f.version),
  ts: Float64Array.from(facts, f => f.ts),
  known_at: Float64Array.from(facts, f => f.knownAt),
  account: facts.map(f => f.account),
  strategy: facts.map(f => f.strategy),
  correlation_id: Float64Array.from(facts, f => f.correlationId),
  causation_id: Float64Array.from(facts, f => f.causationId),
  payload: facts.map(payloadOf),
});

/**
 * The journal of a finished run: one Parquet file that anyone can query, envelope by column and the payload as JSON. Facts are gathered by `append` and written, whole or
 * not at all, by `close`. `verify` also folds the facts anew and compares with the fingerprint that the run closed with; what the fingerprint leaves out (notes, hashes of
 * inputs) is guarded by the file's own hash in the run's manifest.
 */
export class ParquetJournal implements Journal {
  readonly #pending: Fact[] = [];

  constructor(readonly path: string) {}

  append(facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) this.#pending.push(fact);
    return Promise.resolve();
  }

  /** Write what was appended. */
  async close(): Promise<void> {
    await writeParquet(this.path, journalColumns(this.#pending));
  }

  async *read(from = 0): AsyncIterable<Fact> {
    if (!existsSync(this.path))
      throw badData('no-journal', `There is no journal at ${this.path}.`, 'Run the backtest again; searches keep no journal.');
    const { rows, columns } = await readParquet(this.path);
    const number = (name: string, row: number): number => (columns[name] as Float64Array)[row] as number;
    const text = (name: string, row: number): string => (columns[name] as readonly (string | null)[])[row] ?? '';
    for (let row = 0; row < rows; row++) {
      const seq = number('seq', row);
      if (seq < from) continue;
      const payload = JSON.parse(text('payload', row)) as object;
      yield {
        type: text('type', row),
        seq,
        version: number('version', row),
        ts: number('ts', row),
        knownAt: number('known_at', row),
        account: text('account', row),
        strategy: text('strategy', row),
        correlationId: number('correlation_id', row),
        causationId: number('causation_id', row),
        ...payload,
      } as Fact;
    }
  }

  async verify(): Promise<JournalVerdict> {
    const check = orderFault();
    const fingerprint = new Fingerprint();
    let facts = 0;
    let closing: string | null = null;
    for await (const fact of this.read()) {
      facts++;
      const fault = check(fact);
      if (fault !== null) return { ok: false, facts, fault };
      fingerprint.add(fact);
      if (fact.type === 'RunFinished') closing = fact.fingerprint;
    }
    if (closing === null) return { ok: false, facts, fault: 'the journal does not end with RunFinished' };
    const found = fingerprint.digest();
    return closing === found
      ? { ok: true, facts, fault: null }
      : { ok: false, facts, fault: `the facts have fingerprint ${found.slice(0, 16)}…, the run closed with ${closing.slice(0, 16)}…` };
  }
}
