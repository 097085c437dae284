import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import type { Journal } from '../../src/journal/journal.js';
import { MemoryJournal } from '../../src/journal/memory.js';
import { ParquetJournal } from '../../src/journal/parquet.js';
import { busyStrategy } from '../arbitraries/busy-strategy.js';
import { smallMarket } from '../arbitraries/market.js';
import { run } from '../arbitraries/run.js';

let folder = '';
let facts: readonly Fact[] = [];
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  facts = (await run(smallMarket(31, 120, 2), busyStrategy)).facts;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const all = async (journal: Journal, from?: number): Promise<Fact[]> => {
  const read: Fact[] = [];
  for await (const fact of journal.read(from)) read.push(fact);
  return read;
};

const memory = async (kept: readonly Fact[]): Promise<Journal> => {
  const journal = new MemoryJournal();
  await journal.append(kept);
  return journal;
};

const parquet = async (kept: readonly Fact[]): Promise<Journal> => {
  const journal = new ParquetJournal(join(folder, `${files++}.parquet`));
  // In two parts, as a run appends.
  await journal.append(kept.slice(0, 5));
  await journal.append(kept.slice(5));
  await journal.close();
  return new ParquetJournal(journal.path);
};

/** As JSON holds them: there is no negative zero in a file. */
const asKept = (kept: readonly Fact[]): unknown => JSON.parse(JSON.stringify(kept));

const place = (type: Fact['type']): number => facts.findIndex(fact => fact.type === type);

/** The facts with one of them changed. */
const flipped = (i: number, change: Partial<Record<string, unknown>>): Fact[] =>
  facts.map((fact, k) => (k === i ? { ...fact, ...change } : fact) as Fact);

for (const [name, open] of Object.entries({ memory, parquet }))
  describe(`the ${name} journal`, () => {
    it('gives back every fact as it was, in order, from any place on', async () => {
      const journal = await open(facts);
      expect(facts.length).toBeGreaterThan(150);
      expect(asKept(await all(journal))).toEqual(asKept(facts));
      expect(asKept(await all(journal, 100))).toEqual(asKept(facts.slice(100)));
    });

    it('finds a whole run whole', async () => {
      expect(await (await open(facts)).verify()).toEqual({ ok: true, facts: facts.length, fault: null });
    });

    it('finds a fact that is missing, of whatever kind, the first included', async () => {
      for (const i of [0, place('OrderSubmitted'), place('NoteWritten'), place('OrderFilled'), 70].filter(k => k >= 0)) {
        const verdict = await (await open(facts.filter((_, k) => k !== i))).verify();
        expect(verdict.ok, `fact ${i}`).toBe(false);
      }
    });

    it('finds two facts that changed places', async () => {
      const i = place('OrderFilled');
      const swapped = facts.map((fact, k) => (k === i ? facts[i + 1] : k === i + 1 ? facts[i] : fact) as Fact);
      expect(await (await open(swapped)).verify()).toMatchObject({
        ok: false,
        fault: expect.stringMatching(/comes after|first fact/) as string,
      });
    });

    it('finds a fact that is there twice', async () => {
      expect((await (await open([...facts.slice(0, 50), facts[49] as Fact, ...facts.slice(50)])).verify()).ok).toBe(false);
    });

    it('finds an effect before its cause, and knowledge before the event or out of order', async () => {
      const faults: [Partial<Record<string, unknown>>, RegExp][] = [
        [{ causationId: 60 }, /names the later fact 60/],
        [{ causationId: 61 }, /names the later fact 61/],
        [{ ts: (facts[60]?.knownAt ?? 0) + 1 }, /known before it happened/],
        [{ ts: 0, knownAt: 0 }, /known before fact 59/],
      ];
      for (const [change, fault] of faults) expect((await (await open(flipped(60, change))).verify()).fault).toMatch(fault);
    });
  });

describe('the parquet journal of a finished run', () => {
  it('finds a decision, a fill or a payment that was altered', async () => {
    const changes: [Fact['type'], Partial<Record<string, unknown>>][] = [
      ['OrderFilled', { price: 1 }],
      ['OrderFilled', { lots: 1 }],
      ['OrderFilled', { fee: 0 }],
      ['FundingSettled', { amount: 1 }],
      ['OrderRequested', { quantity: 3 }],
      ['OrderApproved', { ts: 1 }],
      ['RunFinished', { fingerprint: 'f'.repeat(64) }],
    ];
    for (const [type, change] of changes) {
      const verdict = await (await parquet(flipped(place(type), change))).verify();
      expect(verdict.ok, type).toBe(false);
      expect(verdict.fault, type).toMatch(/the facts have fingerprint|was known before/);
    }
  });

  it('finds that a run did not end', async () => {
    expect(await (await parquet(facts.slice(0, -1))).verify()).toMatchObject({
      ok: false,
      fault: 'the journal does not end with RunFinished',
    });
  });

  it('says what to do where there is none', async () => {
    await expect(all(new ParquetJournal(join(folder, 'none.parquet')))).rejects.toThrow(/There is no journal at .*none\.parquet/);
  });
});
