import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import type { Fact } from '../../src/events/fact.js';
import type { ChainPosition } from '../../src/journal/ndjson/chain-position.js';
import { JournalDamage } from '../../src/journal/ndjson/journal-damage.js';
import { openLiveJournal, type OpenedJournal, type SegmentedJournal } from '../../src/journal/ndjson/open-live-journal.js';
import { loadSnapshot, saveSnapshot } from '../../src/journal/ndjson/snapshot.js';
import { verifyLiveJournal } from '../../src/journal/ndjson/verify-live-journal.js';
import { random } from '../../src/random.js';
import { forgetfulDisk, type ForgetfulDisk } from './forgetful-disk.js';

const FOLDER = 'live/main/journal';

const note = (strategy: string, seq: number, text = 'a'): Fact => ({
  type: 'NoteWritten',
  seq,
  version: 1,
  ts: 1000 + seq,
  knownAt: 1000 + seq,
  account: 'main',
  strategy,
  correlationId: seq,
  causationId: -1,
  text,
});

/** Notes of three streams by turns, from a place on. */
const notes = (count: number, from = 0, word = 'note'): Fact[] =>
  Array.from({ length: count }, (_, i) =>
    note(['', 'sma', 'rsi'][(from + i) % 3]!, Math.floor((from + i) / 3), `${word} ${from + i}, “ü” 🙂`),
  );

const open = (
  disk: ForgetfulDisk,
  options: { segmentBytes?: number; from?: ChainPosition; each?: (fact: Fact) => void } = {},
): Promise<OpenedJournal> => openLiveJournal(disk, FOLDER, { account: 'main', ...options });

const all = async (facts: AsyncIterable<Fact>): Promise<Fact[]> => {
  const found: Fact[] = [];
  for await (const fact of facts) found.push(fact);
  return found;
};

const linesOf = (facts: readonly Fact[]): string[] => facts.map(fact => JSON.stringify(fact));

const files = (disk: ForgetfulDisk): [string, string][] =>
  [...disk.files].map(([path, { bytes }]) => [path, Buffer.from(bytes).toString('latin1')]);

/** A journal of some commits in a few short segments. */
const written = async (
  commits = 8,
  each = 2,
  segmentBytes = 900,
  word = 'note',
): Promise<{ disk: ForgetfulDisk; facts: Fact[]; journal: SegmentedJournal }> => {
  const disk = forgetfulDisk();
  const { journal } = await open(disk, { segmentBytes });
  const facts = notes(commits * each, 0, word);
  for (let i = 0; i < commits; i++) await journal.append(facts.slice(i * each, (i + 1) * each));
  return { disk, facts, journal };
};

const refusalOf = (disk: ForgetfulDisk): Promise<unknown> =>
  open(disk).then(
    () => null,
    (error: unknown) => error,
  );

describe('the live journal', () => {
  it('gives back every fact byte for byte, in the order of writing, to the one who opens it and to the one who reads it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.tuple(fc.constantFrom('', 'a', 'b'), fc.string({ unit: 'binary' }), fc.double({ noNaN: true })), { maxLength: 5 }),
        ),
        fc.integer({ min: 1, max: 3000 }),
        async (appends, segmentBytes) => {
          const disk = forgetfulDisk();
          const { journal } = await open(disk, { segmentBytes });
          const seqs = new Map<string, number>();
          const facts = appends.map(group =>
            group.map(([strategy, text, exposure]): Fact => {
              const seq = seqs.get(strategy) ?? 0;
              seqs.set(strategy, seq + 1);
              return { ...note(strategy, seq), type: 'TargetSet', symbol: 'AAA', exposure, reason: text };
            }),
          );
          for (const group of facts) await journal.append(group);
          const expected = linesOf(facts.flat());
          expect(linesOf(await all(journal.read()))).toEqual(expected);
          await journal.close();
          const told: Fact[] = [];
          const again = await open(disk, { each: fact => told.push(fact) });
          expect(again.torn).toBeNull();
          expect(linesOf(told)).toEqual(expected);
          expect(await again.journal.verify()).toMatchObject({ ok: true, facts: expected.length, fault: null });
          expect(again.journal.position()).toEqual(journal.position());
        },
      ),
      { numRuns: 25 },
    ));

  it('keeps a bankruptcy price that there is not, for which JSON has no number', async () => {
    const disk = forgetfulDisk();
    const { journal } = await open(disk);
    const fact: Fact = {
      ...note('', 0),
      type: 'PositionLiquidated',
      symbol: 'AAA',
      orderId: 'o',
      before: 1,
      after: 0,
      markPrice: 1,
      bankruptcyPrice: NaN,
      margin: 0,
      maintenance: 0,
      fee: 0,
      insurance: 0,
    };
    await journal.append([fact]);
    expect((await all(journal.read()))[0]).toMatchObject({ bankruptcyPrice: NaN });
  });

  it('has hashes that anyone can compute: of the bytes from one commit’s digits to the next one’s', async () => {
    const { disk, facts } = await written();
    const segments = [...disk.files.keys()];
    expect(segments.length).toBeGreaterThan(2);
    expect(segments[1]).toBe(`${FOLDER}/00000002.ndjson`);
    let previous = '0'.repeat(64);
    let commit = 0;
    let counted = 0;
    for (const [i, path] of segments.entries()) {
      const text = Buffer.from(disk.files.get(path)!.bytes).toString('utf8');
      expect(JSON.parse(text.split('\n')[0]!)).toEqual({
        journal: 1,
        account: 'main',
        segment: i + 1,
        commit,
        facts: counted,
        hash: previous,
      });
      let begin = 0;
      for (const match of text.matchAll(/\n\{"commit":(\d+),"facts":(\d+),"hash":"([0-9a-f]{64})"\}(?=\n)/g)) {
        const digits = match.index + match[0].length - 66;
        const digest = createHash('sha256').update(text.slice(begin, digits)).digest('hex');
        expect(match[3]).toBe(digest);
        expect(Number(match[1])).toBe(++commit);
        counted += Number(match[2]);
        begin = digits;
        previous = digest;
      }
    }
    expect([commit, counted]).toEqual([8, facts.length]);
  });

  it('lets appends that come while the disk is busy go together, and resolves none before its sync', async () => {
    const disk = forgetfulDisk();
    const { journal } = await open(disk);
    let held: () => void = () => undefined;
    const gate = new Promise<void>(resolve => (held = resolve));
    const wait = disk.append;
    disk.append = async path => {
      const file = await wait(path);
      return { ...file, sync: async () => (await gate, file.sync()) };
    };
    const first = journal.append(notes(1));
    await new Promise(resolve => setImmediate(resolve));
    let resolved = 0;
    const others = Array.from({ length: 20 }, (_, i) => journal.append(notes(1, i + 1)).then(() => resolved++));
    await new Promise(resolve => setImmediate(resolve));
    expect([disk.asked.write, resolved]).toEqual([1, 0]);
    // What is not durable is not read either.
    expect(await all(journal.read())).toEqual([]);
    held();
    await Promise.all([first, ...others]);
    expect([disk.asked.write, disk.asked.sync]).toEqual([2, 2]);
    expect(journal.position()).toMatchObject({ commit: 2, facts: 21, next: { '': 7, sma: 7, rsi: 7 } });
    expect(await all(journal.read())).toEqual(notes(21));
    await journal.append([]);
    expect(disk.asked.write).toBe(2);
  });

  it('refuses a fact whose place in its stream is taken or skipped, writes nothing of it, and goes on', async () => {
    const { disk, journal, facts } = await written(2);
    const before = files(disk);
    await expect(journal.append([note('sma', 1), note('sma', 3)])).rejects.toThrow('fact 3 of sma stands where 2 is due');
    await expect(journal.append([note('', 0)])).rejects.toThrow('fact 0 of the account stands where 2 is due');
    expect(files(disk)).toEqual(before);
    await journal.append(notes(3, 4));
    expect(await all(journal.read())).toEqual([...facts, ...notes(3, 4)]);
    expect(journal.failure).toBeNull();
  });

  it('belongs to one account', async () => {
    const { disk } = await written();
    await expect(openLiveJournal(disk, FOLDER, { account: 'other' })).rejects.toMatchObject({ code: 'journal-account', exitCode: 2 });
  });

  it('takes no more once it is closed, after what was given', async () => {
    const { disk, journal } = await written(2);
    const last = journal.append(notes(1, 4));
    await journal.close();
    await expect(last).resolves.toBeUndefined();
    await expect(journal.append(notes(1, 5))).rejects.toThrow('closed');
    expect(await all((await open(disk)).journal.read())).toEqual(notes(5));
  });
});

describe('after a crash', () => {
  it('a journal holds a prefix of what was appended, with everything that was answered, wherever it was cut; and goes on', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.array(fc.nat(25), { minLength: 1, maxLength: 4 }),
        fc.integer(),
        async (groups, segmentBytes, crashes, seed) => {
          const chance = random(seed);
          let disk = forgetfulDisk();
          let given = 0;
          let kept = 0;
          for (const crash of crashes) {
            let left = crash;
            disk.fate = () => (left-- > 0 ? 'fine' : 'dead');
            let answered = kept;
            const life = async (): Promise<void> => {
              const told: Fact[] = [];
              const { journal } = await open(disk, { segmentBytes, each: fact => told.push(fact) });
              given = told.length;
              for (const [i, size] of groups.entries()) {
                const upTo = given + size;
                const done = journal.append(notes(size, given)).then(() => (answered = Math.max(answered, upTo)));
                given += size;
                // Some wait for the answer, some do not.
                if ((seed + i) % 3 !== 0) await done;
              }
              await journal.append([]);
            };
            await Promise.race([
              life(),
              new Promise(resolve => setImmediate(resolve)).then(() => new Promise(resolve => setImmediate(resolve))),
            ]);
            disk = disk.copy();
            disk.crash(chance);
            const told: Fact[] = [];
            const { torn } = await open(disk, { each: fact => told.push(fact) });
            expect(told).toEqual(notes(told.length));
            expect(told.length).toBeGreaterThanOrEqual(answered);
            expect(told.length).toBeLessThanOrEqual(Math.max(given, kept));
            kept = told.length;
            if (torn !== null) {
              const cut = [...disk.files.keys()].filter(path => path.endsWith('.torn'));
              expect(disk.files.get(cut.at(-1)!)!.bytes.length).toBeGreaterThan(0);
            }
            expect((await open(disk)).torn).toBeNull();
            expect(await verifyLiveJournal(disk, FOLDER)).toMatchObject({ ok: true, facts: kept, torn: null });
          }
        },
      ),
      { numRuns: 120 },
    ));

  it('cut after any byte of its last segment it loses only what was broken off, says how much, and keeps that beside', async () => {
    const { disk, facts } = await written(5, 2, 1200);
    const path = [...disk.files.keys()].at(-1)!;
    const content = Buffer.from(disk.files.get(path)!.bytes);
    for (let length = 0; length < content.length; length++) {
      const cut = disk.copy();
      cut.files.get(path)!.bytes.splice(length);
      const told: Fact[] = [];
      const { torn } = await open(cut, { each: fact => told.push(fact) });
      expect(told).toEqual(facts.slice(0, told.length));
      expect(told.length % 2).toBe(0);
      const left = cut.files.get(path)!.bytes.length;
      if (torn === null) expect(left).toBe(length);
      else {
        expect(torn.bytes).toBe(length - left);
        const tail = content.subarray(left, length);
        expect(torn.facts).toBe(
          tail
            .toString()
            .split('\n')
            .slice(0, -1)
            .filter(line => line.includes('NoteWritten')).length,
        );
        expect(Buffer.from(cut.files.get(`${path.replace('.ndjson', '')}-${left}.torn`)!.bytes).equals(tail)).toBe(true);
      }
    }
  });

  it('keeps each torn tail, also two from one place', async () => {
    const { disk } = await written(1);
    const path = `${FOLDER}/00000001.ndjson`;
    for (const tail of ['{"type"', '{"ty']) {
      disk.files.get(path)!.bytes.push(...Buffer.from(tail));
      expect((await open(disk)).torn).toEqual({ bytes: tail.length, facts: 0 });
    }
    const torn = files(disk).filter(([name]) => name.endsWith('.torn'));
    expect(torn.map(([, text]) => text)).toEqual(['{"type"', '{"ty']);
  });
});

describe('damage', () => {
  it.each(['plain', '“ü” 🙂'])('of any single bit is found, told with its place, and nothing is changed: %s', async text => {
    const disk = forgetfulDisk();
    const { journal } = await open(disk, { segmentBytes: 1 });
    await journal.append([note('', 0, text)]);
    await journal.append([note('sma', 0, text)]);
    const segments = [...disk.files.keys()];
    expect(segments.length).toBe(2);
    const { publish } = disk.asked;
    const wrong: string[] = [];
    for (const [i, path] of segments.entries()) {
      const file = disk.files.get(path)!;
      for (let byte = 0; byte < file.bytes.length; byte++)
        for (let bit = 0; bit < 8; bit++) {
          file.bytes[byte]! ^= 1 << bit;
          const error = await refusalOf(disk);
          file.bytes[byte]! ^= 1 << bit;
          const told =
            error instanceof JournalDamage
              ? error.place.segment === `0000000${i + 1}.ndjson` && error.place.byte <= byte
              : error instanceof UserError && error.code === 'journal-account';
          if (!told) wrong.push(`byte ${byte}, bit ${bit} of ${path}: ${String(error)}`);
        }
    }
    expect(wrong).toEqual([]);
    expect(disk.asked.publish).toBe(publish);
  });

  it('is told with the line at which the damaged commit begins', async () => {
    const { disk } = await written(4, 2, 10_000);
    const file = disk.files.get(`${FOLDER}/00000001.ndjson`)!;
    const text = Buffer.from(file.bytes).toString('latin1');
    const at = text.indexOf('note 5');
    file.bytes[at] = 'N'.charCodeAt(0);
    const error = await refusalOf(disk);
    // A header, and two commits of two facts with a line of their own: the third begins at line 8.
    expect(error).toMatchObject({ code: 'journal-damaged', exitCode: 3, place: { segment: '00000001.ndjson', line: 8 } });
    expect(error).toMatchObject({ message: expect.stringContaining('from here to the line of commit 3') as string });
    const verdict = await verifyLiveJournal(disk, FOLDER);
    expect(verdict).toMatchObject({ ok: false, facts: 4, place: { line: 8 }, head: null });
    expect(text.slice(verdict.place!.byte)).toMatch(/^\{"type":"NoteWritten","seq":1,.*note 4/);
  });

  it('by a segment that is missing, exchanged, cut short, twice there or of another journal is found', async () => {
    const { disk } = await written(8, 2, 900);
    const other = await written(8, 3, 900);
    const twin = await written(8, 2, 900, 'NOTE');
    const last = [...disk.files.keys()].at(-1)!;
    const next = `${FOLDER}/0000000${disk.files.size + 1}.ndjson`;
    expect([...twin.disk.files.values()].map(file => file.bytes.length)).toEqual([...disk.files.values()].map(file => file.bytes.length));
    const name = (n: number): string => `${FOLDER}/0000000${n}.ndjson`;
    const bytes = (n: number): number[] => disk.files.get(name(n))!.bytes;
    const cases: Record<string, (copy: ForgetfulDisk) => void> = {
      'first missing': copy => void copy.files.delete(name(1)),
      'middle missing': copy => void copy.files.delete(name(2)),
      exchanged: copy => {
        copy.files.get(name(1))!.bytes = [...bytes(2)];
        copy.files.get(name(2))!.bytes = [...bytes(1)];
      },
      'cut short': copy => void copy.files.get(name(2))!.bytes.splice(-5),
      'cut at a commit': copy => {
        const text = Buffer.from(bytes(2)).toString('latin1');
        const lastCommit = text.lastIndexOf('{"commit"');
        copy.files.get(name(2))!.bytes.splice(text.indexOf('\n', text.lastIndexOf('{"commit"', lastCommit - 1)) + 1);
      },
      'twice there': copy => void (copy.files.get(name(2))!.bytes = [...bytes(1)]),
      'of another journal': copy => void (copy.files.get(name(2))!.bytes = [...other.disk.files.get(name(2))!.bytes]),
      'of a journal with as many facts and commits': copy =>
        void (copy.files.get(name(2))!.bytes = [...twin.disk.files.get(name(2))!.bytes]),
      'cut short before one that nothing was written to': copy => {
        copy.files.get(last)!.bytes.splice(-5);
        copy.files.set(next, { bytes: [], durable: 0, lost: 0 });
      },
      'zeros before one that nothing was written to': copy => {
        copy.files.get(last)!.bytes.fill(0, -20);
        copy.files.set(next, { bytes: [], durable: 0, lost: 0 });
      },
      'a line twice': copy => {
        const text = Buffer.from(bytes(2)).toString('latin1');
        const line = text.split('\n')[1]!;
        copy.files.get(name(2))!.bytes = [...Buffer.from(text.replace(`${line}\n`, `${line}\n${line}\n`), 'latin1')];
      },
      'a hole that is not at the end': copy => void copy.files.get(name(1))!.bytes.fill(0, 300, 340),
    };
    for (const [what, damage] of Object.entries(cases)) {
      const copy = disk.copy();
      damage(copy);
      expect(await refusalOf(copy), what).toBeInstanceOf(JournalDamage);
    }
  });

  it('is not made of what a newer release wrote: that is said as it is', async () => {
    const { disk } = await written(1);
    const file = disk.files.get(`${FOLDER}/00000001.ndjson`)!;
    file.bytes = [...Buffer.from(Buffer.from(file.bytes).toString().replace('"journal":1', '"journal":2'))];
    expect(await refusalOf(disk)).toMatchObject({ message: expect.stringContaining('a newer release wrote it') as string });
  });
});

describe('a disk that fails', () => {
  const failing: [string, (operation: string) => boolean, string][] = [
    ['full', operation => operation === 'write', 'ENOSPC'],
    ['that cannot be written', operation => operation === 'write', 'EIO'],
    ['whose sync fails', operation => operation === 'sync', 'EIO'],
    ['that became read-only before a new segment', operation => operation === 'append', 'EROFS'],
  ];
  it.each(failing)('%s: no later append is answered, the reason is said, and what was answered is there', async (_, hits, code) => {
    const { disk, facts, journal } = await written(4, 2, 1);
    disk.fate = operation => (hits(operation) ? code : 'fine');
    const refused = [journal.append(notes(1, 8)), journal.append(notes(1, 9))];
    for (const each of refused)
      await expect(each).rejects.toMatchObject({ code: 'journal-failed', message: expect.stringContaining(code) as string });
    disk.fate = () => 'fine';
    await expect(journal.append(notes(1, 8))).rejects.toMatchObject({ code: 'journal-failed' });
    expect(journal.failure).toContain(code);
    const writes = disk.asked.write;
    await journal.append([]).catch(() => undefined);
    expect(disk.asked.write).toBe(writes);
    await journal.close();
    disk.crash(random(1));
    const told: Fact[] = [];
    await open(disk, { each: fact => told.push(fact) });
    expect(told).toEqual(facts);
  });

  it('whose sync failed and shows what it lost: whoever opens it makes that durable before it counts', async () => {
    const { disk, journal } = await written(2, 2, 10_000);
    disk.fate = operation => (operation === 'sync' ? 'EIO' : 'fine');
    await expect(journal.append(notes(2, 4))).rejects.toThrow();
    disk.fate = () => 'fine';
    // The process ends, the machine does not: the pages can still be read.
    const again = await open(disk);
    expect(again.journal.position().facts).toBe(6);
    await again.journal.append(notes(1, 6));
    disk.crash(random(2));
    expect(await all((await open(disk)).journal.read())).toEqual(notes(7));
  });
});

describe('verify', () => {
  const faults: [string, Partial<Fact>, string][] = [
    ['a cause after its effect', { causationId: 5 }, 'names the later fact 5 as its cause'],
    ['what was known before it happened', { ts: 2000 }, 'was known before it happened'],
    ['what was known before the fact that precedes it', { ts: 10, knownAt: 10 }, 'was known before fact 0'],
  ];
  it.each(faults)('finds %s, stream by stream, with its place', async (_, change, text) => {
    const disk = forgetfulDisk();
    const { journal } = await open(disk);
    await journal.append([note('', 0), note('sma', 0), { ...note('sma', 1), ...change } as Fact, note('', 1)]);
    const verdict = await journal.verify();
    expect(verdict).toMatchObject({ ok: false, facts: 3, fault: expect.stringContaining(text) as string });
    expect(verdict).toMatchObject({ fault: expect.stringContaining('00000001.ndjson, line 4,') as string });
  });

  it('reads beside a session that writes: what is half written is no fault, and its own journal ends where it is durable', async () => {
    const { disk, journal, facts } = await written(3, 2, 10_000);
    disk.files.get(`${FOLDER}/00000001.ndjson`)!.bytes.push(...Buffer.from('{"type":"NoteWri'));
    expect(await verifyLiveJournal(disk, FOLDER)).toMatchObject({
      ok: true,
      torn: { bytes: 16, facts: 0 },
      streams: { '': 2, sma: 2, rsi: 2 },
    });
    expect(await journal.verify()).toMatchObject({ ok: true, facts: 6, torn: null, head: journal.position().hash });
    expect(await all(journal.read())).toEqual(facts);
    expect(disk.asked.publish).toBe(0);
  });
});

describe('a snapshot', () => {
  const SHAPE = 'test 1';
  const fold = (state: { count: number; last: string }, fact: Fact): void => {
    state.count++;
    state.last = fact.type === 'NoteWritten' ? fact.text : '';
  };
  const recovered = async (disk: ForgetfulDisk): Promise<{ state: unknown; read: number; code: string; journal: SegmentedJournal }> => {
    const { snapshot, code } = await loadSnapshot(disk, 'live/main', SHAPE, FOLDER);
    const state = (snapshot?.state ?? { count: 0, last: '' }) as { count: number; last: string };
    let read = 0;
    const { journal } = await open(disk, {
      ...(snapshot && { from: snapshot.position }),
      each: fact => {
        read++;
        fold(state, fact);
      },
    });
    return { state, read, code, journal };
  };

  it('gives the state that folding from the beginning gives, wherever it was taken, and only what follows is read', async () => {
    const { disk, facts } = await written(8, 2, 900);
    const whole = await recovered(disk);
    expect(whole).toMatchObject({ code: 'none', read: 16 });
    const walk = forgetfulDisk();
    const { journal } = await open(walk, { segmentBytes: 900 });
    const state = { count: 0, last: '' };
    for (let i = 0; i <= 8; i++) {
      await saveSnapshot(disk, 'live/main', SHAPE, { position: journal.position(), state });
      const found = await recovered(disk);
      expect(found.code).toBe('ok');
      expect(found.read).toBe(16 - 2 * i);
      expect(found.state).toEqual(whole.state);
      expect(found.journal.position()).toEqual(whole.journal.position());
      expect(await all(found.journal.readFrom(journal.position()))).toEqual(facts.slice(2 * i));
      await journal.append(facts.slice(2 * i, 2 * i + 2));
      for (const fact of facts.slice(2 * i, 2 * i + 2)) fold(state, fact);
    }
  });

  it('lets the journal go on: the next fact of each stream is known without reading what came before', async () => {
    const { disk, journal } = await written(8, 2, 900);
    await saveSnapshot(disk, 'live/main', SHAPE, { position: journal.position(), state: { count: 16, last: 'x' } });
    const found = await recovered(disk);
    await expect(found.journal.append([note('', 7)])).rejects.toThrow('fact 7 of the account stands where 6 is due');
    await found.journal.append(notes(4, 16));
    expect(await verifyLiveJournal(disk, FOLDER)).toMatchObject({ ok: true, facts: 20 });
  });

  it('is ignored with a reason when any byte of it was changed', async () => {
    const { disk, journal } = await written(2);
    await saveSnapshot(disk, 'live/main', SHAPE, { position: journal.position(), state: { count: 4, last: 'note' } });
    const file = disk.files.get('live/main/snapshot.json')!;
    for (let byte = 0; byte < file.bytes.length; byte++) {
      file.bytes[byte]! ^= 1;
      const { snapshot, code, text } = await loadSnapshot(disk, 'live/main', SHAPE, FOLDER);
      file.bytes[byte]! ^= 1;
      expect([snapshot, code, text.endsWith('.')]).toEqual([null, 'damaged', true]);
    }
    file.bytes.splice(-1);
    expect((await loadSnapshot(disk, 'live/main', SHAPE, FOLDER)).code).toBe('damaged');
  });

  it('is ignored with a reason when it is of another shape, of another journal, or ahead of one whose end was cut off', async () => {
    const { disk, journal } = await written(8, 2, 900);
    const other = await written(8, 2, 901);
    await other.journal.append(notes(2, 16));
    const keep = (position: ChainPosition): Promise<void> => saveSnapshot(disk, 'live/main', SHAPE, { position, state: 0 });
    const code = async (shape = SHAPE): Promise<string> => (await loadSnapshot(disk, 'live/main', shape, FOLDER)).code;
    await keep(journal.position());
    expect(await code()).toBe('ok');
    expect(await code('test 2')).toBe('other-shape');
    await keep(other.journal.position());
    expect(await code()).toBe('not-in-journal');
    await keep({ ...journal.position(), segment: 99 });
    expect(await code()).toBe('not-in-journal');
    await keep(journal.position());
    const path = [...disk.files.keys()].filter(name => name.endsWith('.ndjson')).at(-1)!;
    disk.files.get(path)!.bytes.splice(-20);
    expect(await code()).toBe('not-in-journal');
    await expect(open(disk, { from: journal.position() })).rejects.toMatchObject({ code: 'journal-position' });
  });
});
