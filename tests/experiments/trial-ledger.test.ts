import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countTrials } from '../../src/experiments/count-trials.js';
import { openTrialLedger } from '../../src/experiments/trial-ledger.js';
import { readTrials } from '../../src/experiments/read-trials.js';
import { recordTrial, recordTrials } from '../../src/experiments/record-trials.js';
import { sketchOf } from '../../src/experiments/returns-sketch.js';
import { trialHistory } from '../../src/experiments/trial-history.js';
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
    await ledger.settle(trial(1), { objective: 1.25, sharpe: 0.07, returns: Float64Array.of(0.01, -0.02, 0.005) });
    expect(await countTrials(folder)).toMatchObject({ distinct: 2, unsettled: 1 });
    await ledger.close();
    const lines = (await readFile(join(folder, 'run-1.ndjson'), 'utf8')).trim().split('\n');
    expect(JSON.parse(lines[2]!)).toEqual({
      type: 'result',
      hash: trialHash(trial(1)),
      role: 'train',
      objective: 1.25,
      sharpe: 0.07,
      // 127ths of the largest: 63.5 is rounded up, as 64, −127 and 32 in bytes.
      sketch: Buffer.from(Int8Array.of(64, -127, 32).buffer).toString('base64'),
      run: 'run-1',
      at: 1_700_000_000_000,
    });
  });

  test('tells strategies and roles apart when asked to', async () => {
    const ledger = await open();
    await ledger.begin([
      trial(1),
      trial(2, { strategy: 'rsi-reversion', code: 'builtin:rsi-reversion' }),
      trial(1, { role: 'test', range: { from: 100, to: 120 } }),
    ]);
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

  test('reads what earlier releases wrote, which kept neither Sharpe ratio nor sketch', async () => {
    const line = {
      type: 'trial',
      hash: 'h',
      strategy: 's',
      code: 'c',
      data: 'd',
      params: {},
      from: 0,
      to: 1,
      config: 'x',
      role: 'run',
      at: 5,
    };
    const result = { type: 'result', hash: 'h', objective: null, run: 'old', at: 6 };
    await writeFile(join(folder, 'old.ndjson'), `${JSON.stringify(line)}\n${JSON.stringify(result)}\n`);
    expect(await countTrials(folder)).toMatchObject({ distinct: 1, effective: 1, unsettled: 0, unreadable: 0 });
  });

  test('writes every result, however many come at once', async () => {
    const trials = Array.from({ length: 500 }, (_, k) => trial(k));
    const ledger = await open();
    await ledger.begin(trials);
    await Promise.all(trials.map(each => ledger.settle(each, { objective: 0 })));
    expect(await countTrials(folder)).toMatchObject({ distinct: 500, unsettled: 0 });
    await ledger.close();
  });

  test('refuses a run id that is a path, and counts nothing where there is no ledger', async () => {
    await expect(open('../outside')).rejects.toThrow('not a run id');
    expect(await countTrials(join(folder, 'none'))).toEqual({
      distinct: 0,
      effective: 0,
      lines: 0,
      unsettled: 0,
      unreadable: 0,
      names: [],
      onSameData: 0,
    });
  });
});

describe('putting a trial on record', () => {
  const place = () => ({ folder, runId: 'run-1', clock: () => 0 });

  test('has it on disk before it is evaluated, and what came of it afterwards', async () => {
    const result = await recordTrial(
      place(),
      trial(1),
      async () => ({ found: 42, before: await countTrials(folder) }),
      () => ({ objective: 1 }),
    );
    expect(result).toMatchObject({ found: 42, before: { distinct: 1, unsettled: 1 } });
    expect(await countTrials(folder)).toMatchObject({ distinct: 1, unsettled: 0 });
  });

  test('counts one that fails, and fails as it did', async () => {
    const fails = () => Promise.reject(new Error('the strategy threw'));
    await expect(recordTrial(place(), trial(1), fails, () => ({ objective: 1 }))).rejects.toThrow('the strategy threw');
    expect(await countTrials(folder)).toMatchObject({ distinct: 1, unsettled: 1 });
  });

  test('evaluates nothing where it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    let evaluated = 0;
    const evaluate = () => Promise.resolve(evaluated++);
    const elsewhere = { ...place(), folder: join(folder, 'file') };
    await expect(recordTrial(elsewhere, trial(1), evaluate, () => ({ objective: 1 }))).rejects.toThrow('off the record');
    expect(evaluated).toBe(0);
  });

  test('counts those of many that were interrupted with those that were not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async isDone => {
        await rm(folder, { recursive: true, force: true });
        const trials = isDone.map((_, k) => trial(k));
        const interrupted = recordTrials(place(), trials, async settle => {
          for (const [k, each] of trials.entries()) if (isDone[k]) await settle(each, { objective: k });
          throw new Error('interrupted');
        });
        await expect(interrupted).rejects.toThrow('interrupted');
        expect(await countTrials(folder)).toMatchObject({ distinct: trials.length, unsettled: isDone.filter(done => !done).length });
      }),
      { numRuns: 20 },
    );
  });
});

describe('the trials of a strategy', () => {
  const record = async (run: string, trials: readonly Trial[], at = 0): Promise<void> => {
    const ledger = await openTrialLedger(folder, run, () => at);
    await ledger.begin(trials);
    await ledger.close();
  };

  test('are still counted after its file was renamed, over any number of names, as long as the code ran once as it was', async () => {
    await record('a', [trial(1, { strategy: 'first', code: 'v1' }), trial(2, { strategy: 'first', code: 'v2' })]);
    await record('b', [trial(3, { strategy: 'second', code: 'v2' }), trial(4, { strategy: 'second', code: 'v3' })]);
    await record('c', [trial(5, { strategy: 'third', code: 'v3' })]);
    await record('d', [trial(6, { strategy: 'unrelated', code: 'v9' })]);
    expect(await countTrials(folder, { strategy: 'third' })).toMatchObject({
      distinct: 5,
      names: ['third', 'first', 'second'],
      onSameData: 6,
    });
    expect(await countTrials(folder, { strategy: 'unrelated' })).toMatchObject({ distinct: 1, names: ['unrelated'], onSameData: 6 });
  });

  test('that is new begin at none, and those of all strategies on the data that it read are counted beside them', async () => {
    await record('a', [trial(1), trial(2, { data: 'other' })]);
    expect(await countTrials(folder, { strategy: 'renamed-and-changed' })).toMatchObject({ distinct: 0, names: ['renamed-and-changed'] });
    await record('b', [trial(1, { strategy: 'renamed-and-changed', code: 'v2' })]);
    expect(await countTrials(folder, { strategy: 'renamed-and-changed' })).toMatchObject({ distinct: 1, onSameData: 2 });
  });

  test('keep the returns of the plain run where a check of changed data has others', async () => {
    const [plain, changed] = [Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1)];
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      await rm(folder, { recursive: true, force: true });
      for (const [k, which] of order.entries())
        await recordTrial(
          { folder, runId: `run-${k}`, clock: () => 0 },
          trial(1, { role: which === 0 ? 'run' : 'check' }),
          () => Promise.resolve(which === 0 ? plain : changed),
          returns => ({ objective: null, returns }),
        );
      const [read] = (await readTrials(folder)).trials;
      expect(read!.sketch).toBe(sketchOf(plain));
      expect([...read!.roles].sort()).toEqual(['check', 'run']);
    }
  });

  test('have a history that never falls, ends at N, and dates each by its first line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1e6 })), { minLength: 1, maxLength: 20 }),
        async drawn => {
          await rm(folder, { recursive: true, force: true });
          for (const [k, [param, at]] of drawn.entries()) await record(`run-${k}`, [trial(param)], at);
          const { at, n } = await trialHistory(folder, { strategy: 'sma-cross' });
          const first = (param: number): number => Math.min(...drawn.flatMap(([p, when]) => (p === param ? [when] : [])));
          const firsts = [...new Set(drawn.map(([param]) => param))].map(first);
          expect([...at]).toEqual([...new Set(firsts)].sort((a, b) => a - b));
          at.forEach((moment, i) => expect(n[i]).toBe(firsts.filter(when => when <= moment).length));
          expect(n.at(-1)).toBe((await countTrials(folder)).distinct);
        },
      ),
      { numRuns: 25 },
    );
    expect((await trialHistory(join(folder, 'none'))).at.length).toBe(0);
  });
});
