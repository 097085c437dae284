import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countTrials } from '../../src/experiments/count-trials.js';
import { openTrialLedger } from '../../src/experiments/trial-ledger.js';
import type { Trial } from '../../src/experiments/trial-ledger.js';
import { trialHash } from '../../src/experiments/trial.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const trial = (fast: number, change: Partial<Trial> = {}): Trial => ({
  strategy: 'sma-cross',
  code: 'builtin:sma-cross',
  data: 'd1',
  params: { fast, slow: 50 },
  range: { from: 0, to: 100 },
  config: 'c1',
  role: 'train',
  ...change,
});
const open = (run = 'run-1') => openTrialLedger(folder, run, () => 1_700_000_000_000);

describe('a trial', () => {
  test('is the same whatever the order of its parameters, and another when code, data, parameters or window differ', () => {
    const hash = trialHash(trial(1));
    expect(trialHash({ ...trial(1), params: { slow: 50, fast: 1 } })).toBe(hash);
    expect(trialHash(trial(1, { config: 'c2', role: 'test', strategy: 'other' }))).toBe(hash);
    for (const other of [trial(2), trial(1, { code: 'x' }), trial(1, { data: 'd2' }), trial(1, { range: { from: 0, to: 101 } })])
      expect(trialHash(other)).not.toBe(hash);
  });
});

describe('the trial ledger', () => {
  test('counts each different trial once over all runs, repeated and resumed ones included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 0, max: 9 })), { maxLength: 6 }), async runs => {
        await rm(folder, { recursive: true, force: true });
        for (const [i, params] of runs.entries()) {
          const ledger = await open(`run-${i % 3}`);
          await ledger.begin(params.map(p => trial(p)));
          await ledger.close();
        }
        const { distinct, lines } = await countTrials(folder);
        expect(distinct).toBe(new Set(runs.flat()).size);
        expect(lines).toBe(runs.flat().length);
      }),
      { numRuns: 30 },
    );
  });

  test('has a trial on disk before its result is known, and counts it without one', async () => {
    const ledger = await open();
    await ledger.begin([trial(1), trial(2)]);
    expect(await countTrials(folder)).toMatchObject({ distinct: 2, unsettled: 2 });
    await ledger.settle(trial(1), { objective: 1.25 });
    expect(await countTrials(folder)).toMatchObject({ distinct: 2, unsettled: 1 });
    await ledger.close();
    const lines = (await readFile(join(folder, 'run-1.ndjson'), 'utf8')).trim().split('\n');
    expect(JSON.parse(lines[2]!)).toEqual({
      type: 'result',
      hash: trialHash(trial(1)),
      objective: 1.25,
      run: 'run-1',
      at: 1_700_000_000_000,
    });
  });

  test('tells strategies and roles apart when asked to', async () => {
    const ledger = await open();
    await ledger.begin([trial(1), trial(2, { strategy: 'rsi-reversion' }), trial(1, { role: 'test', range: { from: 100, to: 120 } })]);
    await ledger.close();
    expect((await countTrials(folder)).distinct).toBe(3);
    expect((await countTrials(folder, { strategy: 'sma-cross' })).distinct).toBe(2);
    expect((await countTrials(folder, { strategy: 'sma-cross', role: 'train' })).distinct).toBe(1);
  });

  test('survives being cut at any byte: whole lines count, the torn one does not, and what is written afterwards is read', async () => {
    const whole = join(folder, 'run-1.ndjson');
    const ledger = await open();
    await ledger.begin([1, 2, 3].map(p => trial(p)));
    await ledger.close();
    const bytes = await readFile(whole);
    const original = bytes.toString().trim().split('\n');
    for (let size = 0; size <= bytes.length; size += 11) {
      await writeFile(whole, bytes);
      await truncate(whole, size);
      const lines = bytes
        .subarray(0, size)
        .toString()
        .split('\n')
        .filter(line => line !== '');
      const complete = lines.filter(line => original.includes(line)).length;
      const torn = lines.length - complete;
      expect(await countTrials(folder)).toMatchObject({ distinct: complete, unreadable: torn });
      const resumed = await open();
      await resumed.begin([trial(8)]);
      await resumed.close();
      expect(await countTrials(folder)).toMatchObject({ distinct: complete + 1, unreadable: torn });
    }
  });

  test('a foreign line is reported and does not hide the others', async () => {
    const ledger = await open();
    await ledger.begin([trial(1)]);
    await ledger.close();
    await appendFile(join(folder, 'run-1.ndjson'), 'null\n{"type":"trial"}\n\u0000\u0000\n');
    expect(await countTrials(folder)).toMatchObject({ distinct: 1, unreadable: 3 });
  });

  test('writers of two runs at once lose nothing, nor do overlapping calls of one', async () => {
    const ledgers = await Promise.all([open('a'), open('b')]);
    await Promise.all(Array.from({ length: 50 }, (_, i) => ledgers[i % 2]!.begin([trial(i)])));
    await Promise.all(ledgers.map(ledger => ledger.close()));
    expect(await countTrials(folder)).toMatchObject({ distinct: 50, unreadable: 0 });
    expect((await readdir(folder)).sort()).toEqual(['a.ndjson', 'b.ndjson']);
  });

  test('keeps what was begun when the process is killed', async () => {
    const module = new URL('../../dist/experiments/trial-ledger.js', import.meta.url).href;
    const script = `
      const { openTrialLedger } = await import(${JSON.stringify(module)});
      const ledger = await openTrialLedger(${JSON.stringify(folder)}, 'killed', () => 0);
      const trial = fast => ({ strategy: 's', code: 'c', data: 'd', params: { fast }, range: { from: 0, to: 1 }, config: 'x', role: 'train' });
      for (let i = 0; ; i++) { await ledger.begin([trial(i)]); process.stdout.write(i + '\\n'); }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    await new Promise<void>(resolve => {
      child.stdout.on('data', (data: Buffer) => {
        said += data.toString();
        if (said.split('\n').length > 20) child.kill('SIGKILL');
      });
      child.on('close', () => resolve());
    });
    const announced = said.split('\n').filter(line => line !== '').length;
    const { distinct } = await countTrials(folder);
    expect(distinct).toBeGreaterThanOrEqual(announced);
    // At most one was begun and not yet announced.
    expect(distinct).toBeLessThanOrEqual(announced + 1);
  });

  test('refuses a run id that is a path, and counts nothing where there is no ledger', async () => {
    await expect(open('../outside')).rejects.toThrow('not a run id');
    expect(await countTrials(join(folder, 'none'))).toEqual({ distinct: 0, lines: 0, unsettled: 0, unreadable: 0 });
  });
});
