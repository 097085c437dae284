import { appendFile, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factIndex } from '../../../src/dashboard/accounts/fact-index.js';
import { readFacts } from '../../../src/dashboard/accounts/fact-lines.js';
import { journalTail } from '../../../src/dashboard/accounts/journal-tail.js';
import type { Fact } from '../../../src/events/fact.js';
import { nodeDisk } from '../../../src/journal/node-disk.js';
import { openLiveJournal, type SegmentedJournal } from '../../../src/journal/ndjson/open-live-journal.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'tail-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const note = (seq: number, strategy: string, word = 'note'): Fact => ({
  type: 'NoteWritten',
  seq,
  version: 1,
  ts: 1000 + seq,
  knownAt: 1000 + seq,
  account: 'main',
  strategy,
  correlationId: seq,
  causationId: -1,
  text: `${word} ${seq} “ü” 🙂`,
});

/** A reader, and what it was told. */
const reader = (at = folder) => {
  const facts: Fact[] = [];
  const resets: string[] = [];
  const index = factIndex();
  const tail = journalTail(at, 'main', {
    take: (taken, ends) => {
      expect(ends.at(-1)).toBe(taken.length);
      for (const { fact, place } of taken) {
        facts.push(fact);
        index.add(fact, place);
      }
      index.commit();
    },
    reset: code => {
      resets.push(code);
      facts.length = 0;
      index.clear();
    },
  });
  return { facts, resets, index, tail };
};

const open = async (): Promise<SegmentedJournal> =>
  (await openLiveJournal(nodeDisk(), folder, { account: 'main', segmentBytes: 700 })).journal;
const texts = (facts: readonly Fact[]): string[] => facts.map(fact => JSON.stringify(fact));

type Step =
  | { readonly step: 'append'; readonly counts: readonly number[] }
  | { readonly step: 'look' }
  | { readonly step: 'append and look'; readonly counts: readonly number[] }
  | { readonly step: 'crash'; readonly torn: string }
  | { readonly step: 'reader dies' };

const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ step: fc.constant('append' as const), counts }) },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('append and look' as const), counts }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('look' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('crash' as const),
      torn: fc.constantFrom('', '{"type":"Note', '{"type":"NoteWritten","seq":0,"version":1}\n{"comm'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('reader dies' as const) }) },
);

describe('a tail of a journal', () => {
  it('tells every committed fact once and in order, whatever is written, broken off or begun anew meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        const written: Fact[] = [];
        const seqs = new Map<string, number>();
        let journal = await open();
        let own = reader();
        const append = (many: readonly number[]): Promise<void>[] =>
          many.map((count, i) => {
            const strategy = ['', 'sma'][(written.length + i) % 2]!;
            const facts = Array.from({ length: count }, () => {
              const seq = seqs.get(strategy) ?? 0;
              seqs.set(strategy, seq + 1);
              return note(seq, strategy);
            });
            written.push(...facts);
            return journal.append(facts);
          });
        for (const each of steps) {
          if (each.step === 'append') await Promise.all(append(each.counts));
          else if (each.step === 'look') await own.tail.refresh();
          else if (each.step === 'append and look') {
            const looks = [own.tail.refresh()];
            for (const done of append(each.counts)) {
              looks.push(own.tail.refresh());
              await done;
            }
            await Promise.all(looks);
            // Never more than was written, and never another order.
            expect(texts(own.facts)).toEqual(texts(written.slice(0, own.facts.length)));
          } else if (each.step === 'crash') {
            await journal.close();
            const last = (await readdir(folder))
              .filter(name => /^\d+\.ndjson$/.test(name))
              .sort()
              .at(-1);
            if (last !== undefined) await appendFile(join(folder, last), each.torn);
            await own.tail.refresh();
            journal = await open();
          } else own = reader();
        }
        await own.tail.refresh();
        await journal.close();
        expect(texts(own.facts)).toEqual(texts(written));
        expect(own.resets).toEqual([]);
        expect(own.tail.failure).toBeNull();
        const positions = written.map((_, i) => i + 1);
        expect(texts(await readFacts(folder, own.index, positions))).toEqual(texts(written));
      }),
      { numRuns: 8 },
    );
  });

  it('says that it is another journal, and reads that one from its beginning', async () => {
    const journal = await open();
    for (let i = 0; i < 30; i++) await journal.append([note(i, '')]);
    await journal.close();
    const { tail, facts, resets } = reader();
    await tail.refresh();
    expect(facts).toHaveLength(30);
    await rm(folder, { recursive: true });
    const other = await open();
    for (let i = 0; i < 40; i++) await other.append([note(i, '', 'other')]);
    await other.close();
    await tail.refresh();
    expect(resets).toHaveLength(1);
    expect(facts.map(fact => fact.type === 'NoteWritten' && fact.text.startsWith('other'))).toEqual(Array(40).fill(true));
  });

  it('shows nothing of a commit whose bytes are not what was written, and says where', async () => {
    const journal = await open();
    await journal.append([note(0, ''), note(1, '')]);
    await journal.append([note(2, '')]);
    await journal.close();
    const path = join(folder, '00000001.ndjson');
    await copyFile(path, `${path}.kept`);
    const { readFile } = await import('node:fs/promises');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('note 2', 'note 3'));
    const { tail, facts } = reader();
    await tail.refresh();
    expect(facts).toHaveLength(2);
    expect(tail.failure).toContain('00000001.ndjson is not what was written');
    await copyFile(`${path}.kept`, path);
    await tail.refresh();
    expect(facts).toHaveLength(3);
    expect(tail.failure).toBeNull();
  });

  it('waits for a journal that is not there yet', async () => {
    const later = join(folder, 'later');
    const { tail, facts } = reader(later);
    await tail.refresh();
    expect([facts.length, tail.failure]).toEqual([0, null]);
    const { journal } = await openLiveJournal(nodeDisk(), later, { account: 'main' });
    await journal.append([note(0, '')]);
    await tail.refresh();
    await journal.close();
    expect(facts).toHaveLength(1);
  });
});
