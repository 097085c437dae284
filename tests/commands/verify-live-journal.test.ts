import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLiveJournal } from '../../src/journal/ndjson/open-live-journal.js';
import { nodeDisk } from '../../src/journal/node-disk.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

let root = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const { journal } = await openLiveJournal(nodeDisk(root), 'live/main/journal', { account: 'main', segmentBytes: 400 });
  for (let seq = 0; seq < 6; seq++)
    await journal.append([
      {
        type: 'NoteWritten',
        seq,
        version: 1,
        ts: seq,
        knownAt: seq,
        account: 'main',
        strategy: 'sma',
        correlationId: seq,
        causationId: -1,
        text: 'a',
      },
    ]);
  await journal.close();
});
afterAll(() => remove());

describe('quantai verify journal of a live account', () => {
  it('says that every byte is what was written, with the head to keep elsewhere', async () => {
    const { code, out } = await quantai(['verify', 'journal', 'main', '--workspace', root, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      account: 'main',
      ok: true,
      facts: 6,
      commits: 6,
      streams: { sma: 6 },
      fault: null,
      tornBytes: 0,
    });
    const last = (await readFile(join(root, 'live/main/journal/00000003.ndjson'), 'utf8')).trimEnd().split('\n').at(-1);
    expect(JSON.parse(out)).toMatchObject({ head: (JSON.parse(last ?? '') as { hash: string }).hash });
    const text = await quantai(['verify', 'journal', 'main', '--workspace', root]);
    expect(text.out).toMatch(/^ok {4}chain {3}6 facts in 6 commits and 3 segments/);
  });

  it('names segment, line and byte of what is wrong, and changes nothing', async () => {
    const path = join(root, 'live/main/journal/00000002.ndjson');
    const whole = await readFile(path, 'utf8');
    const altered = whole.replace('"text":"a"', '"text":"b"');
    await writeFile(path, altered);
    const { code, err, out } = await quantai(['verify', 'journal', 'main', '--workspace', root]);
    expect(code).toBe(3);
    expect(out).toContain('WRONG');
    expect(err).toContain('00000002.ndjson, line 1, byte 0');
    expect(await readFile(path, 'utf8')).toBe(altered);
    await writeFile(path, whole);
  });

  it('still speaks of runs when there is no such account', async () => {
    const { code, err } = await quantai(['verify', 'journal', 'nobody', '--workspace', root]);
    expect([code, err.includes('There is no run "nobody"')]).toEqual([2, true]);
    expect((await quantai(['verify', 'journal', '../main', '--workspace', root])).code).toBe(2);
  });
});
