import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../src/events/fact.js';
import { Fingerprint } from '../src/journal/fingerprint.js';
import { ParquetJournal } from '../src/journal/parquet.js';
import { backtest } from '../src/sim/backtest.js';
import { market } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const fingerprintOf = (facts: readonly Fact[]): string => {
  const fingerprint = new Fingerprint();
  for (const fact of facts) fingerprint.add(fact);
  return fingerprint.digest();
};

const hashedJson = (facts: readonly Fact[]): string => {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(JSON.stringify(fact));
  return hash.digest('hex');
};

/** What a fact of a real run costs: in the fingerprint, and in the journal of a finished run. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const { facts, fingerprint } = await backtest(smaRun([market(quick ? 50_000 : 500_000)]));
    if (fingerprintOf(facts) !== fingerprint) throw new Error('the facts have another fingerprint than the run');
    const folder = await mkdtemp(join(scratch, 'journal-'));
    let kept = 0;
    const keep = async (): Promise<void> => {
      const journal = new ParquetJournal(join(folder, `${kept++}.parquet`));
      await journal.append(facts);
      await journal.close();
    };
    try {
      const [marked = [], written = [], plain = []] = await interleave(
        [{ run: () => fingerprintOf(facts), repeat: 3 }, { run: keep }, { run: () => hashedJson(facts) }],
        { warmups: 1, rounds: quick ? 3 : 5 },
      );
      const each = (seconds: readonly number[]): number => (median(seconds) / facts.length) * 1e6;
      const of = 'SHA-256 of its JSON';
      return [
        measurement('fingerprint', each(marked), 'µs/fact', { ratio: ratioOf(marked, plain), of }),
        measurement('journal: Parquet', each(written), 'µs/fact', { ratio: ratioOf(written, plain), of }),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
