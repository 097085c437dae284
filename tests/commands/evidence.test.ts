import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EvidenceDocument } from '../../src/commands/evidence-document.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const parsed = (out: string): EvidenceDocument => JSON.parse(out) as EvidenceDocument;

describe('quantai evidence', () => {
  let root = '';
  let remove: () => Promise<void>;
  let backtest = '';
  const at = (...words: string[]) => quantai([...words, '--workspace', root]);
  const of = async (...words: string[]) => parsed((await at('evidence', ...words, '--workers', '1', '--json')).out);
  const data = ['--dataset', 'noise', '--json'];
  const runOf = (out: string): string => (JSON.parse(out) as { runId: string }).runId;

  beforeAll(async () => {
    ({ root, remove } = await temporaryWorkspace());
    await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-04-20', '--symbols', 'BTC/USDT:USDT');
    backtest = runOf((await at('backtest', 'sma-cross', '--param', 'fast=10', '--param', 'slow=40', ...data)).out);
  });
  afterAll(() => remove());

  it('judges a backtest by its own returns, keeps page and record in its folder, and says what was not tested', async () => {
    const document = await of(backtest, '--only', 'none');
    expect(document).toMatchObject({ version: 1, grade: 'none', checks: [] });
    expect(document.run).toMatchObject({ runId: backtest, kind: 'backtest', outOfSample: false, synthetic: true });
    expect(document.untested.map(({ what }) => what)).toContain('Knowledge that it cannot have');
    const kept = parsed(await readFile(join(root, 'reports', backtest, 'evidence.json'), 'utf8'));
    expect({ ...kept, elapsedMs: 0 }).toEqual({ ...document, elapsedMs: 0 });
    const page = await readFile(join(root, 'reports', backtest, 'evidence.html'), 'utf8');
    expect(page).toContain('SYNTHETIC DATA');
    expect(page).toContain(document.sentence);
    // Worked out from the table that the run wrote: the last equity of each day.
    const lines = (await at('report', backtest, '--csv', 'equity')).out.trim().split('\n');
    const names = lines[0]!.split(',');
    const rows = lines.slice(1).map(line => line.split(','));
    const last = Number(rows.at(-1)![names.indexOf('equity')]);
    expect(document.judged.netReturn).toBeCloseTo(last / 100_000 - 1, 6);
    const days = new Set(rows.map(row => Math.ceil(Number(row[names.indexOf('ts')]) / 86_400_000)));
    expect(document.judged.returns).toBe(days.size);
  });

  it('puts a run through the checks that are named, on the ledger before they begin', async () => {
    const document = await of(backtest, '--only', 'causality,cost-stress,parameter-jitter');
    expect(document.checks.map(({ id }) => id)).toEqual(['causality', 'cost-stress', 'parameter-jitter']);
    const lines = (await readFile(join(root, 'ledger', `${backtest}.evidence.ndjson`), 'utf8')).trim().split('\n');
    const trials = lines.map(line => JSON.parse(line) as Record<string, unknown>).filter(({ type }) => type === 'trial');
    const neighbours = new Set(trials.filter(({ role }) => role === 'train').map(({ hash }) => hash));
    expect(trials.some(({ role }) => role === 'check')).toBe(true);
    // The backtest, and the neighbours that the check looked at; checks of the run itself choose nothing.
    expect(document.tried).toMatchObject({ run: 1, total: 1 + neighbours.size });
    expect(document.tried.history.at(-1)?.n).toBe(document.tried.total);
    expect(document.tried.sharpes).toHaveLength(document.tried.total);
  });

  it('gives the same record when it is asked again', async () => {
    const words = [backtest, '--only', 'cost-stress,missing-bars'];
    const [first, second] = [await of(...words), await of(...words)];
    expect({ ...second, elapsedMs: 0 }).toEqual({ ...first, elapsedMs: 0 });
  });

  it('judges a walk-forward by its test windows, with what its search says of itself', async () => {
    const walk = ['walkforward', 'sma-cross', '--train', '40d', '--test', '20d', '--points', '2', '--workers', '1', ...data];
    const walked = JSON.parse((await at(...walk)).out) as {
      runId: string;
      outOfSample: { totalReturn: number; trades: number };
      trials: number;
    };
    const document = await of('latest', '--only', 'trade-order');
    expect(document.run).toMatchObject({ runId: walked.runId, kind: 'walkforward', outOfSample: true });
    expect(document.judged.netReturn).toBeCloseTo(walked.outOfSample.totalReturn, 10);
    expect(document.judged.trades).toBe(walked.outOfSample.trades);
    expect(document.tried.run).toBe(walked.trials);
    expect(document.search?.configurations).toBeGreaterThan(1);
    expect(document.foldPbo).not.toBeNull();
  });

  it('judges the recommended configuration of a sweep, in-sample', async () => {
    const swept = await at('sweep', 'sma-cross', '--points', '2', '--workers', '1', '--min-trades', '0', ...data);
    const document = await of('latest', '--only', 'none');
    expect(document.run).toMatchObject({ runId: runOf(swept.out), kind: 'sweep', outOfSample: false });
    expect(document.search?.configurations).toBeGreaterThan(1);
    expect(document.reasons.some(({ sentence }) => sentence.startsWith('In-sample only'))).toBe(true);
  });

  it('follows the thresholds of the workspace, and names a wrong one', async () => {
    await writeFile(join(root, 'quantai.config.ts'), 'export default { evidence: { strong: 0.99, trades: 12 } };\n');
    const { thresholds } = await of(backtest, '--only', 'none');
    expect(thresholds).toMatchObject({ strong: 0.99, trades: 12, suggestive: 0.8 });
    await writeFile(join(root, 'quantai.config.ts'), 'export default { evidence: { strong: 2 } };\n');
    const { code, err } = await at('evidence', backtest, '--only', 'none');
    expect(code).toBe(2);
    expect(err).toContain('evidence.strong');
    await writeFile(join(root, 'quantai.config.ts'), 'export default {};\n');
  });

  it.each([
    ['a check that does not exist', ['--only', 'cost-stres'], /no check "cost-stres".*Did you mean "cost-stress"/],
    ['a run that does not exist', [], /There is no run "nothing"/],
  ])('refuses %s', async (_, words, message) => {
    const { code, err } = await at('evidence', words.length > 0 ? backtest : 'nothing', ...words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
