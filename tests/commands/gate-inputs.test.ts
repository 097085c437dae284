import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rampGateInputs } from '../../src/commands/gate-inputs.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import type { Fact } from '../../src/events/fact.js';
import { openLiveJournal } from '../../src/journal/ndjson/open-live-journal.js';
import { nodeDisk } from '../../src/journal/node-disk.js';
import { journalFolder } from '../../src/live/session/recovery.js';
import type { AuditRecord, AuditWord } from '../../src/promotion/audit/audit-record.js';
import type { RampInputs } from '../../src/promotion/gates/gate-inputs.js';
import type { Pins } from '../../src/promotion/pins/pins.js';
import type { PromotionState } from '../../src/promotion/promotion-state.js';

const T0 = Date.UTC(2025, 4, 5);
const HOUR = 3_600_000;
const place = { account: 'main', venue: 'bybit', practice: false };
const ID = 'edge-12345678';

const pins: Pins = {
  version: 1,
  strategy: { name: 'edge', builtin: 'edge', entry: null, bundle: 'builtin:edge', files: [], params: {} },
  platform: { version: 'p', code: 'c', lock: null },
  config: 'c',
  recipe: null,
  checkpoints: [],
  dataset: { id: 'd', version: 'v', synthetic: false },
  evidence: { run: 'r', fingerprint: 'f', sha256: 's' },
  expectation: null,
};

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gate-inputs-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

let records: AuditRecord[] = [];
const say = (...words: readonly AuditWord[]): void => {
  for (const word of words) records.push({ seq: records.length, at: T0, actor: 'x', word, prev: '', hash: '' });
};
const begun = (epoch: number, over: Partial<typeof place> = {}, promotions: readonly string[] = [ID]): AuditWord => ({
  type: 'SessionBegun',
  ...place,
  ...over,
  mode: 'live',
  epoch,
  manifest: `m${epoch}`,
  promotions,
});
const promotion = (seq: number): PromotionState => ({
  id: ID,
  strategy: 'edge',
  run: 'r',
  stage: 'live',
  pins: 'p',
  places: { live: { ...place, size: 1000, share: 0.01, since: T0, seq } },
  overrides: [],
  history: [],
});
const gather = (seq: number): Promise<RampInputs | null> =>
  rampGateInputs({ workspace: workspaceAt(root), pins, promotion: promotion(seq), records, pinFaults: [] }, 0.1);

/** Facts of each stream are counted by themselves. */
let due: Record<string, number> = {};
const fact = (hour: number, strategy: string) => ({
  seq: (due[strategy] = (due[strategy] ?? -1) + 1),
  version: 1,
  ts: T0 + hour * HOUR,
  knownAt: T0 + hour * HOUR,
  account: 'main',
  strategy,
  correlationId: -1,
  causationId: -1,
});
/** Two sessions of three hours with one trade each. */
const journal = async (more: () => readonly Fact[] = () => []): Promise<void> => {
  const facts: Fact[] = [1, 2].flatMap((epoch): Fact[] => {
    const at = epoch * 10;
    const filled = (hour: number, side: 'buy' | 'sell'): Fact => ({
      ...fact(hour, 'edge'),
      type: 'OrderFilled',
      orderId: 'o',
      symbol: 'A/USDT:USDT',
      side,
      price: 100,
      lots: 1,
      fee: 0,
      liquidity: 'taker',
      slippage: 0,
      realised: 0,
    });
    return [
      { ...fact(at, ''), type: 'SessionStarted', mode: 'live', venue: 'bybit', practice: false, epoch, manifest: `m${epoch}` },
      filled(at + 1, 'buy'),
      filled(at + 2, 'sell'),
      { ...fact(at + 3, ''), type: 'SessionStopped', code: 'asked', text: '' },
    ];
  });
  const folder = join(root, 'live', 'main');
  await mkdir(folder, { recursive: true });
  const opened = await openLiveJournal(nodeDisk(), journalFolder(folder), { account: 'main', each: () => undefined });
  await opened.journal.append([...facts, ...more()]);
  await opened.journal.close();
};

describe('what the gates of the next step are told', () => {
  beforeEach(() => {
    records = [];
    due = {};
  });

  it('is what sessions did that began on this step, traded this promotion, and here', async () => {
    await journal();
    say(begun(1), { type: 'RampStepped', promotion: ID, from: 0.1, to: 0.01, code: 'c', text: 't', request: null }, begun(2));
    expect((await gather(1))?.step).toEqual({ stretches: [{ from: T0 + 20 * HOUR, to: T0 + 23 * HOUR }], trades: 1 });
    expect((await gather(-1))?.step?.trades).toBe(2);
    records = [];
    say(begun(1, {}, ['other']), begun(2, { practice: true }));
    expect((await gather(-1))?.step).toEqual({ stretches: [], trades: 0 });
  });

  it('is the state of risk that the strategy was left in, though the account above it is active', async () => {
    await journal(() => [{ ...fact(24, 'edge'), type: 'RiskStateChanged', state: 'HALTED', code: 'drawdown', text: 'it fell 20 %' }]);
    say(begun(1), { type: 'RiskChanged', ...place, state: 'ACTIVE', code: 'begun', text: 'as the session began', by: 'x' });
    expect((await gather(-1))?.risk).toEqual({ state: 'HALTED', text: 'edge: it fell 20 %' });
  });

  it('is nothing where the journal cannot be read', async () => {
    say(begun(1));
    await mkdir(join(root, 'live', 'main', 'journal'), { recursive: true });
    await writeFile(join(root, 'live', 'main', 'journal', '00000001.ndjson'), 'not a journal\n');
    expect((await gather(-1))?.step).toBeNull();
  });

  it('takes a certificate for what its file says, and an altered one for broken', async () => {
    const folder = join(root, 'live', 'main', 'parity');
    await mkdir(folder, { recursive: true });
    const text = JSON.stringify({ gap: { bps: 1.25 }, tolerance: { bps: 5, unexplained: 0.2 }, passed: true });
    await writeFile(join(folder, 'a.json'), text);
    const word = (certificate: string): AuditWord => ({
      type: 'ParityCertified',
      ...place,
      promotion: ID,
      strategy: 'edge',
      from: T0,
      to: T0 + HOUR,
      certificate,
      passed: true,
      sentence: '',
    });
    say(word('0'.repeat(64)), word(createHash('sha256').update(text).digest('hex')));
    expect((await gather(-1))?.parity).toMatchObject([{ passed: false }, { passed: true, bps: 1.25, tolerance: { bps: 5 } }]);
    await writeFile(join(folder, 'a.json'), text.replace('1.25', '0.25'));
    expect((await gather(-1))?.parity?.[1]).toMatchObject({ passed: false, bps: null });
  });

  it('is the newest word of each monitor and of the risk state at this place', async () => {
    const judged = (monitor: string, verdict: 'inside' | 'alarm'): AuditWord => ({
      type: 'ExpectationJudged',
      ...place,
      promotion: ID,
      monitor,
      verdict,
      sentence: monitor,
    });
    const risk = (state: 'ACTIVE' | 'HALTED', account: string): AuditWord => ({
      type: 'RiskChanged',
      ...place,
      account,
      state,
      code: 'c',
      text: 't',
      by: 'x',
    });
    say(judged('profit', 'alarm'), judged('cone', 'inside'), judged('profit', 'inside'), risk('HALTED', 'main'), risk('ACTIVE', 'second'));
    const found = await gather(-1);
    expect(found?.watch?.map(({ monitor, verdict }) => [monitor, verdict])).toEqual([
      ['cone', 'inside'],
      ['profit', 'inside'],
    ]);
    expect(found?.risk?.state).toBe('HALTED');
  });
});
