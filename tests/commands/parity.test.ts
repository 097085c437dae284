import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { canonicalJson } from '../../src/datasets/canonical-json.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { writeDataset } from '../../src/datasets/write.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Fact } from '../../src/events/fact.js';
import type { Chunk } from '../../src/events/market.js';
import { openLiveJournal } from '../../src/journal/ndjson/open-live-journal.js';
import { nodeDisk } from '../../src/journal/node-disk.js';
import { captureTo } from '../../src/live/feed/capture.js';
import type { LiveClock } from '../../src/live/live-clock.js';
import type { ParityCertificate } from '../../src/promotion/parity/certificate.js';
import { backtest } from '../../src/sim/backtest.js';
import { loadStrategy } from '../../src/strategies/load.js';
import { A, NO_RISK, perpetual, stage, T0 } from '../engine/scenario.js';
import { MINUTE, walk } from '../promotion/parity/parity-stage.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

const BARS = 300;
const FROM = T0 + 60 * MINUTE;
const END = T0 + BARS * MINUTE;
const instrument = perpetual(A, { tickSize: 0.001, lotSize: 0.001, exchange: 'binance' });
const params = { fast: 5, slow: 20 };
const rows = walk('command', BARS);
const { chunks, config: staged } = stage({ bars: { [A]: rows }, timeframe: '1m' });
const config: RunConfig = {
  ...staged,
  from: FROM,
  fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.0005 },
  slippage: { kind: 'fixed-bps', bps: 1 },
  latency: { kind: 'constant', order: 100, cancel: 100, report: 10 },
  risk: NO_RISK,
  leverage: 3,
};

const clock: LiveClock = {
  wall: () => END,
  monotonic: () => 0,
  market: () => END,
  speed: 1,
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** What the engine says when it is the session itself. */
const traded = async (changed: Partial<RunConfig>, on: readonly Chunk[] = chunks): Promise<readonly Fact[]> => {
  const { facts } = await backtest({
    strategy: await loadStrategy({ builtin: 'sma-cross' }),
    params,
    bundle: 'builtin:sma-cross',
    config: { ...config, ...changed },
    instruments: [instrument],
    feed: memoryFeed(on),
  });
  return facts.filter(({ type }) => type !== 'RunFinished').map(fact => ({ ...fact, account: 'paper' }));
};

let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
beforeEach(async () => (workspace = await temporaryWorkspace()));
afterEach(() => workspace.remove());

const record = async (facts: readonly Fact[], bars: readonly (readonly number[])[] = rows.map((row, i) => [T0 + i * MINUTE, ...row])) => {
  const folder = join(workspace.root, 'live', 'paper');
  await mkdir(join(folder, 'manifests'), { recursive: true });
  const manifest = canonicalJson({
    mode: 'paper',
    venue: 'binanceusdm',
    practice: true,
    strategies: [{ name: 'sma-cross', tag: 's', params, budget: config.capital, builtin: 'sma-cross', bundle: 'builtin:sma-cross' }],
    config,
  });
  const hash = createHash('sha256').update(manifest).digest('hex');
  await writeFile(join(folder, 'manifests', `${hash}.json`), manifest);
  await writeFile(join(folder, 'instruments.json'), JSON.stringify([instrument]));
  const started: Fact = {
    ...facts[0]!,
    seq: 0,
    strategy: '',
    correlationId: 0,
    causationId: -1,
    ts: FROM,
    knownAt: FROM,
    type: 'SessionStarted',
    mode: 'paper',
    venue: 'binanceusdm',
    practice: true,
    epoch: 1,
    manifest: hash,
  };
  const { journal } = await openLiveJournal(nodeDisk(), join(folder, 'journal'), { account: 'paper' });
  await journal.append([started, ...facts]);
  await journal.append([{ ...started, seq: 1, type: 'SessionStopped', ts: END, knownAt: END, code: 'ended', text: '' }]);
  await journal.close();
  const capture = await captureTo({
    disk: nodeDisk(),
    folder: join(folder, 'capture'),
    clock,
    venue: 'binanceusdm',
    synthetic: true,
    instruments: [instrument],
  });
  capture.bars(A, '1m', bars);
  await capture.close();
};
const parity = async (...words: string[]) => {
  const { code, out, err } = await quantai(['parity', 'paper', '--json', '--workspace', workspace.root, ...words]);
  const printed = JSON.parse(out) as {
    readonly certificates?: readonly (ParityCertificate & { file: string; page: string })[];
    error?: unknown;
  };
  return {
    code,
    err: `${err}${printed.error === undefined ? '' : JSON.stringify(printed.error)}`,
    only: printed.certificates?.[0] as ParityCertificate & { file: string; page: string },
  };
};

describe('quantai parity', () => {
  it('certifies a session that did what the backtest does: no gap, a page, and a record in the audit log', async () => {
    await record(await traded({}));
    const { code, only } = await parity();
    expect(code).toBe(0);
    expect(only).toMatchObject({ passed: true, gap: { total: 0 }, from: FROM, to: END - MINUTE, promotion: null, synthetic: true });
    expect(only.fills.session).toBeGreaterThan(5);
    const text = await readFile(only.file, 'utf8');
    expect(only.file.endsWith('20240101T010000Z-20240101T045900Z-sma-cross.json')).toBe(true);
    expect(await readFile(only.page, 'utf8')).toContain('PRACTICE');
    const records = await (await workspaceAudit(workspaceAt(workspace.root))).read();
    const certified = records.find(({ word }) => word.type === 'ParityCertified')?.word;
    expect(certified).toMatchObject({
      account: 'paper',
      strategy: 'sma-cross',
      passed: true,
      certificate: createHash('sha256').update(text).digest('hex'),
    });
  });

  it('ends with 1 when the session is not within tolerance, and says what it cost', async () => {
    await record(await traded({ slippage: { kind: 'fixed-bps', bps: 21 } }));
    const { code, only, err } = await parity();
    expect(code).toBe(1);
    expect(only.gap.causes.fillPrice).toBeCloseTo(only.gap.total, 1);
    expect(only.gap.bps).toBeCloseTo(-20, 0);
    expect(err).toContain('not within tolerance');
  });

  it('judges a window by what came before it, and says when there is none', async () => {
    await record(await traded({ slippage: { kind: 'fixed-bps', bps: 4 } }));
    const { only } = await parity('--from', '2024-01-01 02:00', '--to', '2024-01-01 03:00');
    expect([only.from, only.to]).toEqual([T0 + 120 * MINUTE, T0 + 180 * MINUTE]);
    expect(await parity('--from', '2024-02-01')).toMatchObject({ code: 2, err: expect.stringContaining('in this window') as string });
  });

  it('finds the profit of a bar that the session never saw in recorded history', async () => {
    const holed = rows.map((row, i) => (i === 100 ? null : row));
    const seen = stage({ bars: { [A]: holed }, timeframe: '1m' }).chunks;
    await record(
      await traded({}, seen),
      holed.flatMap((row, i) => (row === null ? [] : [[T0 + i * MINUTE, ...row]])),
    );
    await writeDataset(
      workspace.root,
      'history',
      chunks.map(chunk => ({
        series: chunk,
        instrument,
        source: { file: 'made', sha256: '0'.repeat(64), bytes: 0, rows: chunk.rows, reading: {} },
        findings: [],
        synthetic: true,
      })),
    );
    const alone = await parity();
    expect(alone.only.gap.total).toBe(0);
    const { only } = await parity('--dataset', 'history');
    expect(only.gap.causes.data).toBe(only.gap.total);
    expect(only.reference?.dataset).toBe('history');
  });

  it('refuses an account without a journal, and a strategy that it never traded', async () => {
    expect(await parity()).toMatchObject({ code: 2, err: expect.stringContaining('no journal') as string });
    await record(await traded({}));
    expect(await parity('--strategy', 'sma-cros')).toMatchObject({ code: 2, err: expect.stringContaining('sma-cross') as string });
  });
});
