import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Document = Readonly<Record<string, unknown>>;
const json = <T = Document>(out: string): T => JSON.parse(out) as T;

describe('quantai sweep', () => {
  let root = '';
  let remove: () => Promise<void>;
  const at = (...words: string[]) => quantai([...words, '--workspace', root]);
  const plain = ['sweep', 'sma-cross', '--dataset', 'noise', '--workers', '1'];
  let first: Document;

  /** Different trials of the workspace, read without the ledger's own code. */
  const distinctTrials = async (): Promise<number> => {
    const hashes = new Set<string>();
    for (const file of await readdir(join(root, 'ledger')))
      for (const line of (await readFile(join(root, 'ledger', file), 'utf8')).split('\n').filter(text => text !== '')) {
        const { type, hash } = JSON.parse(line) as { type: string; hash: string };
        if (type === 'trial') hashes.add(hash);
      }
    return hashes.size;
  };

  beforeAll(async () => {
    ({ root, remove } = await temporaryWorkspace());
    await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-03-15', '--symbols', 'BTC/USDT:USDT');
    first = json((await at(...plain, '--points', '4', '--json')).out);
  });
  afterAll(() => remove());

  it('keeps a run: every configuration as a table, the figures, the page, and no leftovers', async () => {
    const folder = join(root, 'reports', String(first['runId']));
    for (const file of ['manifest.json', 'result.json', 'report.html', 'configurations.parquet'])
      expect(existsSync(join(folder, file))).toBe(true);
    expect(existsSync(join(folder, 'jobs'))).toBe(false);
    expect(json(await readFile(join(folder, 'result.json'), 'utf8'))['fingerprint']).toBe(first['fingerprint']);
    const query = `SELECT count(*) AS n, count(DISTINCT params::VARCHAR) AS distinct_params, count(rank) AS ranked, min_by(value, rank) AS best FROM configurations WHERE run_id = '${String(first['runId'])}'`;
    const { rows } = json<{ rows: readonly unknown[] }>((await at('sql', query, '--json')).out);
    expect(
      JSON.stringify(rows[0])
        .match(/-?[\d.]+/g)!
        .map(Number),
    ).toEqual([first['configurations'], first['configurations'], first['eligible'], (first['peak'] as { score: number }).score]);
    const html = await readFile(join(folder, 'report.html'), 'utf8');
    expect(html).toContain('proves no edge');
  });

  it('evaluates each configuration as a backtest of it alone would', async () => {
    const peak = first['peak'] as { params: Record<string, number>; sharpe: number; totalReturn: number; trades: number };
    const named = Object.entries(peak.params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    const { metrics } = json<{ metrics: Record<string, number> }>(
      (await at('backtest', 'sma-cross', '--dataset', 'noise', ...named, '--json')).out,
    );
    // A backtest leaves open at its end what a sweep closes and pays for.
    expect(Math.abs(metrics['totalReturn']! - peak.totalReturn)).toBeLessThan(0.01);
    expect(Math.abs(metrics['trades']! - peak.trades)).toBeLessThanOrEqual(1);
  });

  it('counts what the ledger holds', async () => {
    expect(first['trials']).toBe(first['configurations']);
    expect(first['trialsEver']).toBeLessThanOrEqual(await distinctTrials());
    const again = json((await at(...plain, '--points', '4', '--json')).out);
    expect(again['trialsEver']).toBe(await distinctTrials());
    expect(again['fingerprint']).toBe(first['fingerprint']);
    expect(again['runId']).toBe(`${String(first['runId'])}-2`);
  });

  it('is listed, verified and drawn again like any run', async () => {
    const id = String(first['runId']);
    const { runs } = json<{ runs: { runId: string; kind: string; metrics: object }[] }>((await at('runs', '--json')).out);
    expect(runs.find(({ runId }) => runId === id)).toMatchObject({ kind: 'sweep', metrics: first['metrics'] });
    expect((await at('verify', 'fingerprint', id, '--workers', '1')).out).toContain('The same.');
    expect((await at('report', id)).code).toBe(0);
    const { code, err } = await at('report', id, '--csv', 'trades');
    expect([code, err]).toEqual([2, expect.stringMatching(/no trades of its own/)]);
  });

  it('goes on after an interrupt and ends as if there had been none', async () => {
    const words = [...plain, '--search', 'tpe', '--trials', '24', '--json'];
    const whole = json((await at(...words)).out);
    const stop = new AbortController();
    // In the middle of the search: some jobs are on the disk by then.
    const folder = join(root, 'reports', `${String(whole['runId'])}-2`);
    const running = quantai([...words, '--workspace', root], stop.signal);
    const watch = async (): Promise<void> => {
      const jobs = await readdir(join(folder, 'jobs')).catch(() => []);
      if (jobs.filter(name => name.endsWith('.json')).length >= 5) stop.abort(new Error('stop'));
      else if (!stop.signal.aborted) setTimeout(() => void watch(), 2);
    };
    await watch();
    const { code, err } = await running;
    expect(code).toBe(130);
    expect(err).toMatch(/interrupted: \d+ of 24 configurations are done and kept\. The best .*\nfix: Run the same command again/);
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
    const resumed = await at(...words);
    expect(resumed.err).toContain(`Going on with ${String(whole['runId'])}-2`);
    const { runId, report, elapsedMs: _, trialsEver, effectiveTrials, ...same } = json(resumed.out);
    expect([runId, report]).toEqual([`${String(whole['runId'])}-2`, join(folder, 'report.html')]);
    expect(whole).toMatchObject(same);
    // The same trials once more are no further trials.
    expect([trialsEver, effectiveTrials]).toEqual([whole['trialsEver'], whole['effectiveTrials']]);
    expect(trialsEver).toBe(await distinctTrials());
  });

  it('prints the top, peak and plateau, importance, overfitting and N, and what to do next', async () => {
    const { code, out } = await at(...plain, '--points', '4');
    expect(code).toBe(0);
    for (const text of [
      'in sample',
      'Peak',
      'Plateau',
      'Importance',
      'overfitted',
      'of this strategy ever',
      'quantai walkforward sma-cross',
    ])
      expect(out).toContain(text);
    expect(out).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('finds trade-offs between several objectives, and halves', async () => {
    const two = json(
      (await at(...plain, '--search', 'nsga2', '--trials', '24', '--objective', 'sharpe,maxDrawdown', '--halving', '--json')).out,
    );
    expect((two['rungs'] as unknown[]).length).toBe(3);
    expect((two['front'] as unknown[]).length).toBeGreaterThan(0);
    expect(two['trials']).toBe(24 + 8 + 2);
  });

  it.each([
    ['a search that does not exist', ['--search', 'gridd'], /Choices/],
    ['a metric that does not exist', ['--objective', 'sharp'], /no metric "sharp".*Did you mean "sharpe"/],
    ['nothing to search', ['--param', 'fast=10', '--param', 'slow=50'], /nothing to search/],
    ['no search', ['--search', 'none'], /nothing to search/],
    ['no trials', ['--search', 'random', '--trials', '0'], /0 is not a number of trials/],
    ['a strategy that does not exist', ['--dataset', 'nois'], /nois/],
  ])('refuses %s with exit code 2 and leaves nothing behind', async (_, words, message) => {
    const before = await readdir(join(root, 'reports'));
    const given = words[0] === '--dataset' ? ['sweep', 'sma-cross', ...words] : [...plain, ...words];
    const { code, err } = await at(...given);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(await readdir(join(root, 'reports'))).toEqual(before);
  });
});
