import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountDesk } from '../../../src/dashboard/accounts/account-desk.js';
import { accountStreams } from '../../../src/dashboard/accounts/account-streams.js';
import { AccountView, FactLine } from '../../../src/dashboard/api/accounts-api.js';
import type { StreamViews } from '../../../src/dashboard/server/stream-source.js';
import type { Fact } from '../../../src/events/fact.js';
import { nodeDisk } from '../../../src/journal/node-disk.js';
import { openLiveJournal, type SegmentedJournal } from '../../../src/journal/ndjson/open-live-journal.js';
import { A, perpetual } from '../../engine/scenario.js';

let root: string;
let journal: SegmentedJournal;
let next = 0;
const folder = (): string => join(root, 'live/main/journal');
const open = async (): Promise<SegmentedJournal> =>
  (await openLiveJournal(nodeDisk(), folder(), { account: 'main', segmentBytes: 2_000 })).journal;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'streams-'));
  next = 0;
  await mkdir(folder(), { recursive: true });
  await writeFile(
    join(root, 'live/main/session.json'),
    JSON.stringify({ account: 'main', venue: `nowhere-${process.pid}`, mode: 'live', practice: true }),
  );
  await writeFile(join(root, 'live/main/instruments.json'), JSON.stringify([perpetual(A)]));
  journal = await open();
});
afterEach(async () => {
  await journal.close();
  await rm(root, { recursive: true, force: true });
});

const note = (): Fact => {
  const seq = next++;
  return {
    type: 'NoteWritten',
    seq,
    version: 1,
    ts: seq,
    knownAt: seq,
    account: 'main',
    strategy: '',
    correlationId: seq,
    causationId: -1,
    text: `note ${seq}`,
  };
};
const write = (count: number): Promise<void> => journal.append(Array.from({ length: count }, note));

/** A browser: what it has seen of the facts, until it is closed. */
const browser = (source: ReturnType<typeof accountStreams>, after: number) => {
  const positions: number[] = [];
  const resets: string[] = [];
  const controller = new AbortController();
  const ended = (async () => {
    for await (const batch of source.facts('main', after, controller.signal)) {
      if ('reset' in batch) resets.push(batch.reset);
      else for (const fact of batch.facts) positions.push(FactLine.parse(fact).position);
    }
  })();
  const reached = async (position: number): Promise<void> => {
    for (let i = 0; i < 200 && (positions.at(-1) ?? 0) < position; i++) await new Promise(resolve => setTimeout(resolve, 20));
  };
  return { positions, resets, reached, close: () => (controller.abort(), ended) };
};

describe('the facts of an account as a stream', () => {
  it('reach every browser once and in order, also one that was cut off and comes back to another server', async () => {
    await write(5);
    const source = accountStreams(accountDesk(root));
    expect(await source.lastPosition('main')).toBe(5);
    const first = browser(source, 0);
    await first.reached(5);
    await write(3);
    await first.reached(8);
    await first.close();
    expect(first.positions).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await write(700);
    // Its server was killed meanwhile: another one knows nothing but the files.
    const again = browser(accountStreams(accountDesk(root)), 8);
    await again.reached(708);
    await journal.close();
    journal = await open();
    await write(2);
    await again.reached(710);
    await again.close();
    expect(again.positions).toEqual(Array.from({ length: 702 }, (_, i) => 9 + i));
    expect(again.resets).toEqual([]);
  });

  it('say that a position is of another journal, and go on behind what this one holds', async () => {
    await write(4);
    const source = accountStreams(accountDesk(root));
    const far = browser(source, 99);
    await new Promise(resolve => setTimeout(resolve, 150));
    await write(1);
    await far.reached(5);
    await far.close();
    expect([far.resets, far.positions]).toEqual([['behind'], [5]]);
    await expect(source.lastPosition('other')).rejects.toMatchObject({ code: 'unknown-account' });
    await expect(source.lastPosition('../main')).rejects.toMatchObject({ code: 'unknown-account' });
  });
});

describe('the view of an account', () => {
  it('is handed over at once and when it changes, to all who watch, and says what is missing while no session runs', async () => {
    await write(2);
    const source = accountStreams(accountDesk(root));
    const seen: AccountView[] = [];
    const also: StreamViews['accounts'][] = [];
    const stops = [
      source.watch('account', { account: 'main', symbol: null }, view => seen.push(view)),
      source.watch('accounts', { account: null, symbol: null }, view => also.push(view)),
    ];
    const until = async (is: () => boolean): Promise<void> => {
      for (let i = 0; i < 200 && !is(); i++) await new Promise(resolve => setTimeout(resolve, 20));
    };
    await until(() => seen.length > 0);
    await write(1);
    await until(() => seen.at(-1)?.position === 3);
    await until(() => also.length > 0);
    for (const stop of stops) stop();
    const last = AccountView.parse(seen.at(-1));
    expect(last).toMatchObject({ account: 'main', running: false, phase: 'stopped', position: 3, openOrders: [] });
    expect(last.notice).toContain('No session has traded');
    expect(also[0]?.accounts).toMatchObject([{ account: 'main', running: false, alarms: 0 }]);
    const told = seen.length;
    await write(1);
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(seen).toHaveLength(told);
  });
});
