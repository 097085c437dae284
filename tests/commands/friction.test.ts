import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { durationAxis, isLatencyAxis, numberAxis } from '../../src/commands/friction-axes.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('a list of frictions', () => {
  it('is single values, ranges and ranges with a step', () => {
    expect(numberAxis('fee-scale', '0..4')).toEqual([0, 1, 2, 3, 4]);
    expect(numberAxis('fee-scale', '0..0.3/0.1')).toEqual([0, 0.1, 0.2, 0.3]);
    expect(numberAxis('slippage-bps', '0, 1,2.5,10..12')).toEqual([0, 1, 2.5, 10, 11, 12]);
    expect(durationAxis('latency', '0ms,100ms,1s')).toEqual([0, 100, 1000]);
    expect(durationAxis('latency', '0ms..1s/250ms')).toEqual([0, 250, 500, 750, 1000]);
  });

  it('is told from the latency of a run', () => {
    expect(['0ms,1s', '0ms..1s/100ms'].map(isLatencyAxis)).toEqual([true, true]);
    expect(['100ms', 'order=100ms,cancel=50ms'].map(isLatencyAxis)).toEqual([false, false]);
  });

  it.each([
    ['what is no number', () => numberAxis('fee-scale', '1,x'), /--fee-scale takes a number, not "x"/],
    ['a range backwards', () => numberAxis('fee-scale', '4..1'), /leads nowhere/],
    ['a range of durations without a step', () => durationAxis('latency', '0ms..1s'), /without a step/],
    ['a range without end', () => numberAxis('fee-scale', '0..1000000'), /more than 100 values/],
    ['less than nothing', () => numberAxis('slippage-bps', '-1'), /cannot be -1/],
    ['what is no duration', () => durationAxis('latency', '0ms,fast'), /"fast" is not a duration/],
  ])('is refused for %s', (_, read, message) => {
    expect(read).toThrow(message);
  });
});

describe('quantai friction', () => {
  let root = '';
  let remove: () => Promise<void>;
  const at = (...words: string[]) => quantai([...words, '--workspace', root]);
  const sweep = ['friction', 'sma-cross', '--dataset', 'noise', '--fee-scale', '0,1', '--slippage-bps', '0', '--funding-scale', '0..1'];
  const json = (out: string): Record<string, never> => JSON.parse(out) as Record<string, never>;

  beforeAll(async () => {
    ({ root, remove } = await temporaryWorkspace());
    await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-02-15', '--symbols', 'BTC/USDT:USDT');
  });
  afterAll(() => remove());

  it('keeps a run whose point as configured is the backtest of the same command line', async () => {
    const { code, out, err } = await at(...sweep, '--latency', '0ms,100ms', '--json', '--workers', '1');
    expect(code).toBe(0);
    expect(err).toContain('Synthetic data');
    const document: Readonly<Record<string, unknown>> = json(out);
    const plain: Readonly<Record<string, unknown>> = json((await at('backtest', 'sma-cross', '--dataset', 'noise', '--json')).out);
    expect(document['fingerprint']).toBe(plain['fingerprint']);
    expect(document['metrics']).toEqual(plain['metrics']);
    expect(document['values']).toEqual({ fee: [0, 1], slippage: [0], latency: [0, 100], funding: [0, 1] });
    expect((document['points'] as unknown[]).length).toBeGreaterThanOrEqual(8);
    // One configuration was looked at, under however many frictions; the backtest of it is the same trial.
    expect(document['trials']).toBe(1);
    expect(plain).toMatchObject({ trialsEver: 1, effectiveTrials: 1, trialsOnData: 1 });

    const folder = join(root, 'reports', String(document['runId']));
    for (const file of ['manifest.json', 'result.json', 'report.html', 'friction.parquet'])
      expect(existsSync(join(folder, file))).toBe(true);
    expect(existsSync(join(folder, 'jobs'))).toBe(false);
    const manifest = json(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ command: 'friction', fingerprint: document['fingerprint'], friction: { values: document['values'] } });
    expect((await at('verify', 'fingerprint', String(document['runId']))).out).toContain('The same.');

    // The table has every run of the document.
    const query = `SELECT count(*) AS runs, sum(on_grid) AS grid FROM read_parquet('${join(folder, 'friction.parquet')}')`;
    const counted = json((await at('sql', query, '--json')).out) as Record<string, unknown>;
    expect(JSON.stringify(counted)).toContain(String((document['points'] as unknown[]).length));
    expect(JSON.stringify(counted)).toContain('8');
  });

  it('gives the same points for any number of workers', async () => {
    const run = async (workers: string) =>
      json((await at(...sweep, '--latency', '100ms', '--json', '--workers', workers)).out) as Record<string, unknown>;
    const [alone, together] = [await run('1'), await run('2')];
    expect(together['pointsFingerprint']).toBe(alone['pointsFingerprint']);
    expect(together['breakEvens']).toEqual(alone['breakEvens']);
    expect(together['capacity']).toEqual(alone['capacity']);
  });

  it('prints where the edge ends along each friction', async () => {
    const { code, out } = await at(
      'friction',
      'sma-cross',
      '--dataset',
      'noise',
      '--slippage-bps',
      '0',
      '--latency',
      '100ms',
      '--fee-scale',
      '0,1',
      '--workers',
      '1',
    );
    expect(code).toBe(0);
    for (const text of ['edge ends at', 'fees', 'funding', 'Capacity', 'Report ']) expect(out).toContain(text);
    expect(out).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    ['fees that there are none of', ['--fees', 'none', '--fee-scale', '0,1'], /charges no fees/],
    ['funding that is not settled', ['--funding', 'none', '--funding-scale', '0,1'], /No funding is settled/],
    ['slippage beyond what a run takes', ['--slippage-bps', '0,5000'], /5000 bp more slippage/],
    ['fees beyond what a run takes', ['--fee-scale', '0,1000'], /Fees × 1000/],
    ['a grid without end', ['--fee-scale', '0..50', '--slippage-bps', '0..50', '--latency', '0ms..1s/20ms'], /5000 is the most/],
    ['a range of latencies without a step', ['--latency', '0ms..1s'], /without a step/],
  ])('refuses %s with exit code 2, before any run', async (_, words, message) => {
    const { code, err, out } = await at('friction', 'sma-cross', '--dataset', 'noise', '--json', ...words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toContain('fix:');
    expect(json(out)).toHaveProperty('error.code');
  });
});
