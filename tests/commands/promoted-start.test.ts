import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gateEvidence } from '../../src/commands/gate-evidence.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { openDataset } from '../../src/datasets/catalogue.js';
import { socketLock } from '../../src/live/session/socket-lock.js';
import { datasetMarket } from '../../src/practice/dataset-market.js';
import type { AuditWord } from '../../src/promotion/audit/audit-record.js';
import { practiceVenue } from '../../src/practice/fronts.js';
import { startPractice, type PracticeServer } from '../../src/practice/server/start-practice.js';
import { otherByte, promotedWorkspace, synthesise, trained, VENUE, withChange, type PromotedWorkspace } from './promoted-workspace.js';
import { quantai, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let at: PromotedWorkspace;
let server: PracticeServer;

beforeAll(async () => {
  at = await promotedWorkspace();
  const venue = practiceVenue('binance');
  const dataset = await openDataset(at.root, 'noise');
  const { exchange, barMs } = await datasetMarket(dataset, {
    symbols: undefined,
    timeframe: undefined,
    from: Date.UTC(2024, 1, 10),
    to: undefined,
    seed: 1,
    conditionalSpace: venue.conditionalSpace,
  });
  const accounts = ['paper', 'main'].map(name => ({ name, key: `key-${name}`, secret: `secret-of-${name}`, wallet: 10_000 }));
  server = await startPractice({
    exchange,
    front: venue.front(),
    accounts,
    barMs,
    speed: 3_600,
    paused: false,
    port: 0,
    controlPort: 0,
    seed: 1,
  });
  const keysFile = join(at.root, 'practice-keys.json');
  await writeFile(keysFile, JSON.stringify({ accounts }));
  const { rest, ws, controlUrl: control } = server;
  await writeFile(
    join(at.root, 'practice.json'),
    JSON.stringify({ venue: VENUE, rest, ws, control, keysFile, accounts: ['paper', 'main'] }),
  );
});
afterAll(async () => {
  await server.close();
  await at.remove();
});

const begin = (mode: 'paper' | 'live', signal?: AbortSignal): Promise<Ran> =>
  quantai(
    [
      mode,
      at.strategy,
      '--venue=practice',
      `--account=${mode === 'paper' ? 'paper' : 'main'}`,
      '--no-threads',
      '--no-capture',
      ...(mode === 'live' ? ['--no-watchdog'] : []),
      `--workspace=${at.root}`,
    ],
    signal,
  );

const only = async (folder: string, ending: string): Promise<string> => {
  const names = (await readdir(join(at.root, folder), { recursive: true })).filter(name => name.endsWith(ending)).sort();
  return join(folder, names[0]!);
};

describe.each(['paper', 'live'] as const)('quantai %s of a promoted strategy', mode => {
  it('is refused with exit code 4 and the name of what one byte was changed of', async () => {
    const config = (bytes: Buffer): string => bytes.toString().replace('maxDrawdown: 0.3', 'maxDrawdown: 0.4');
    const cases: readonly (readonly [string, (bytes: Buffer) => Buffer | string, string])[] = [
      ['leaning.js', bytes => bytes.toString().replace("'leans'", "'leanz'"), 'leaning.js'],
      ['lib/sided.js', otherByte(3, 1), 'lib/sided.js'],
      ['quantai.config.ts', config, 'risk.maxDrawdown: 0.3 when promoted, 0.4 now'],
      [`reports/${at.made.run.runId}/evidence.json`, otherByte(100, 1), 'evidence.json'],
      [await only('datasets/noise', '.parquet'), otherByte(100, 1), '.parquet'],
      [`promotions/${at.made.id}/expectation.json`, otherByte(50, 1), 'expectation.json'],
      [await only('models/checkpoints', '.json.gz'), otherByte(50, 1), 'models/checkpoints/'],
    ];
    for (const [path, change, named] of cases) {
      const { code, err } = await withChange(join(at.root, path), change, () => begin(mode));
      expect([code, err]).toEqual([4, expect.stringContaining(named)]);
      expect(err).toContain(at.made.id);
    }
    // Nothing was begun.
    expect(await readdir(join(at.root, 'live', mode === 'paper' ? 'paper' : 'main'))).toEqual(['session.log']);
  });
});

describe('after a day of new data and a scheduled training', () => {
  it.each(['paper', 'live'] as const)('quantai %s begins as the promotion', async mode => {
    if (mode === 'paper') {
      await at.run(...synthesise('2024-02-17'));
      await at.run(...trained(at.strategy, '2024-02-17'));
    }
    const stopping = new AbortController();
    const isBegun = (word: AuditWord): boolean =>
      word.type === 'SessionBegun' && word.mode === mode && word.promotions.length === 1 && word.promotions[0] === at.made.id;
    let begun = false;
    const watch = async (): Promise<void> => {
      while (!begun && !stopping.signal.aborted) {
        await new Promise(resolve => setTimeout(resolve, 50));
        begun = (await at.log.read()).some(({ word }) => isBegun(word));
      }
      stopping.abort();
    };
    await Promise.all([begin(mode, stopping.signal).finally(() => stopping.abort()), watch()]);
    expect(begun).toBe(true);
  });
});

describe('a session', () => {
  it.each(['paper', 'live'] as const)('does not begin (%s) by what the workspace kept before it joined a team', async mode => {
    const mark = join(at.root, 'team', 'joined.json');
    await mkdir(join(at.root, 'team'), { recursive: true });
    await writeFile(mark, JSON.stringify({ registry: 'quant@db/quantai', at: 1 }));
    try {
      const refused = await begin(mode);
      expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('quant@db/quantai')]);
    } finally {
      await rm(mark);
    }
  });

  it('does not begin either where the workspace joins a team after the command was given', async () => {
    const [log, mark] = [join(at.root, 'audit', 'log.ndjson'), join(at.root, 'team', 'joined.json')];
    await mkdir(join(at.root, 'team'), { recursive: true });
    const before = (await stat(log)).size;
    const giveUp = new AbortController();
    const begun = begin('paper', giveUp.signal);
    // The command is on record; connecting and reading the market come after it.
    while ((await stat(log)).size === before) await pause(2);
    await writeFile(mark, JSON.stringify({ registry: 'quant@db/quantai', at: 1 }));
    const late = setTimeout(() => giveUp.abort(), 20_000);
    try {
      const refused = await begun;
      expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('quant@db/quantai')]);
    } finally {
      clearTimeout(late);
      await rm(mark);
    }
  });

  it('takes nothing of what another one of its account keeps for the audit log', async () => {
    const folder = join(at.root, 'live', 'paper');
    const kept = join(folder, 'unwritten-audit.json');
    const text = JSON.stringify([{ actor: 'session:paper', words: [{ type: 'CommandGiven', verb: 'kept', words: [] }] }]);
    await mkdir(folder, { recursive: true });
    await writeFile(kept, text);
    const other = socketLock(VENUE, 'paper', () => Promise.resolve(null));
    await other.claim();
    try {
      const refused = await begin('paper');
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('trades account paper')]);
      expect(await readFile(kept, 'utf8')).toBe(text);
    } finally {
      await other.release();
      await rm(kept, { force: true });
    }
  });
});

describe('the deflated Sharpe ratio', () => {
  it('is not known of evidence that counted elsewhere', async () => {
    const { runId } = at.made.run;
    const file = join(at.root, 'reports', runId, 'evidence.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as { readonly tried: object };
    const team = join(at.root, 'evidence-of-a-team.json');
    await writeFile(team, JSON.stringify({ ...record, tried: { ...record.tried, team: 'a chain' } }));
    const workspace = workspaceAt(at.root);
    const [own, other] = [await gateEvidence(workspace, runId, file), await gateEvidence(workspace, runId, team)];
    expect(own.dsr.reason ?? '').not.toContain('another registry');
    expect(other.dsr).toEqual({ value: null, reason: expect.stringContaining('another registry') });
  });
});
