import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { openLiveJournal } from '../../../src/journal/ndjson/open-live-journal.js';
import { life } from '../../../src/practice/rig/life.js';
import { simulatedDisk } from '../../../src/practice/rig/simulated-disk.js';
import { tally } from '../../../src/practice/rig/tally.js';
import { virtualTime } from '../../../src/practice/rig/virtual-time.js';
import { JOURNAL_DEFENCES, weakenedDisk, type JournalDefences } from '../../../src/practice/rig/weakened-disk.js';
import { random } from '../../../src/random.js';

const T0 = Date.UTC(2024, 0, 1);
const SEGMENT = 'j/00000001.ndjson';
const note = (seq: number, text: string): Fact =>
  ({
    type: 'NoteWritten',
    seq,
    version: 1,
    ts: T0,
    knownAt: T0,
    account: 'a',
    strategy: '',
    correlationId: seq,
    causationId: -1,
    text,
  }) as Fact;
const off = (defence: keyof JournalDefences): JournalDefences => ({ ...JOURNAL_DEFENCES, [defence]: false });

const stage = () => {
  const time = virtualTime(T0);
  const counts = tally();
  const disk = simulatedDisk({ time, random: random(1), tally: counts, syncMs: 2 });
  const mount = () => disk.mount(life({ time, tally: counts, kill: () => false, onKill: () => undefined }));
  /** Commits of so many notes, and where each ends. */
  const write = async (texts: readonly string[]): Promise<readonly number[]> => {
    const { journal } = await openLiveJournal(mount(), 'j', { account: 'a' });
    const ends: number[] = [];
    for (const [seq, text] of texts.entries()) {
      const done = journal.append([note(2 * seq, text), note(2 * seq + 1, text)]);
      await time.run(time.now + 10);
      await done;
      ends.push(disk.bytes(SEGMENT).length);
    }
    return ends;
  };
  /** What a session would fold with this disk. */
  const folded = async (defences: JournalDefences): Promise<readonly string[]> => {
    const texts: string[] = [];
    await openLiveJournal(weakenedDisk(mount(), defences), 'j', {
      account: 'a',
      each: each => texts.push(each.type === 'NoteWritten' ? each.text : each.type),
    });
    return texts;
  };
  return { disk, mount, write, folded };
};

describe('a disk that deceives one check of the journal', () => {
  it('is the disk itself when all checks are on', () => {
    const disk = stage().mount();
    expect(weakenedDisk(disk, JOURNAL_DEFENCES)).toBe(disk);
  });

  it('changes nothing of a journal that is whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 5 }), async texts => {
        const { disk, mount, write } = stage();
        await write(texts);
        const whole = disk.bytes(SEGMENT);
        for (const defence of ['hashChain', 'quarantine', 'commitMark', 'tornTail', 'fsync'] as const)
          expect([...(await weakenedDisk(mount(), off(defence)).read(SEGMENT))]).toEqual([...whole]);
      }),
      { numRuns: 20 },
    );
  });

  it('hides a flipped bit, or all that stands behind it', async () => {
    const ground = stage();
    const [first = 0] = await ground.write(['one', 'two', 'three']);
    ground.disk.flip(SEGMENT, Buffer.from(ground.disk.bytes(SEGMENT)).indexOf('two', first), 0);
    await expect(ground.folded(JOURNAL_DEFENCES)).rejects.toMatchObject({ code: 'journal-damaged' });
    expect(await ground.folded(off('hashChain'))).toEqual(['one', 'one', 'uwo', 'two', 'three', 'three']);
    const other = stage();
    await other.write(['one', 'two', 'three']);
    other.disk.flip(SEGMENT, Buffer.from(other.disk.bytes(SEGMENT)).indexOf('two', first), 0);
    expect(await other.folded(off('quarantine'))).toEqual(['one', 'one']);
  });

  it('lets whole facts of a torn tail count, or leaves the tail where it is', async () => {
    const torn = async () => {
      const ground = stage();
      await ground.write(['one', 'two']);
      const second = Buffer.from(ground.disk.bytes(SEGMENT)).lastIndexOf('{"type"');
      await ground.mount().truncate(SEGMENT, second + 10);
      return { ...ground, length: second + 10 };
    };
    expect(await (await torn()).folded(JOURNAL_DEFENCES)).toEqual(['one', 'one']);
    expect(await (await torn()).folded(off('commitMark'))).toEqual(['one', 'one', 'two']);
    const left = await torn();
    expect(await left.folded(off('tornTail'))).toEqual(['one', 'one']);
    expect(left.disk.bytes(SEGMENT).length).toBe(left.length);
  });

  it('answers a sync before anything is on the disk', async () => {
    const { disk, mount } = stage();
    const file = await weakenedDisk(mount(), off('fsync')).append('f');
    await file.write(new Uint8Array(3));
    await file.sync();
    expect(disk.durable('f').length).toBe(0);
  });
});
