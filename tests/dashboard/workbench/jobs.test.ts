import { readFile, rm, stat, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobRequest } from '../../../src/dashboard/api/research-api.js';
import type { CommandOutcome, Platform } from '../../../src/dashboard/platform.js';
import { openJobs, type Jobs } from '../../../src/dashboard/workbench/jobs.js';

type Begun = {
  words: readonly string[];
  as: string;
  heard: Parameters<Platform['begin']>[2];
  end: (outcome: Partial<CommandOutcome>) => Promise<void>;
  cancelled: boolean;
};

let root = '';
let begun: Begun[] = [];
let clock = 1000;
const platform = (): Pick<Platform, 'workspace' | 'begin'> => ({
  workspace: root,
  begin: (words, as, heard) => {
    let settle: (outcome: CommandOutcome) => void = () => undefined;
    const ended = new Promise<CommandOutcome>(resolve => (settle = resolve));
    const one: Begun = {
      words,
      as,
      heard,
      cancelled: false,
      end: async outcome => {
        settle({ exitCode: 0, document: null, said: '', ...outcome });
        await new Promise(resolve => setImmediate(resolve));
      },
    };
    begun.push(one);
    return { pid: 1, ended, cancel: () => void (one.cancelled = true) };
  },
});
const open = (): Promise<Jobs> => openJobs({ platform: platform(), file: join(root, 'dashboard', 'jobs.ndjson'), now: () => clock });
const backtest = JobRequest.parse({ kind: 'backtest', strategy: 'sma-cross', dataset: 'btc' });
const ann = { name: 'ann', roles: ['researcher'] } as const;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'jobs-'));
  [begun, clock] = [[], 1000];
});
// What was appended last may still be on its way to the disk.
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

/** The log says all of this; it is appended to behind the back of whoever begins. */
const logged = async (...words: string[]): Promise<string> => {
  const file = join(root, 'dashboard', 'jobs.ndjson');
  const text = (): Promise<string> => readFile(file, 'utf8').catch(() => '');
  await expect
    .poll(async () => (await text()).split('\n'), { timeout: 10_000 })
    .toSatisfy((lines: string[]) => words.every(word => lines.some(line => line.includes(word))));
  return text();
};

describe('jobs', () => {
  it('run two at a time, the others wait their turn, under the name of who began them', async () => {
    const jobs = await open();
    for (const by of ['ann', 'bob', 'cat']) jobs.begin(backtest, by);
    expect(jobs.list().map(({ by, state }) => [by, state])).toEqual([
      ['cat', 'waiting'],
      ['bob', 'running'],
      ['ann', 'running'],
    ]);
    await begun[1]!.end({ document: { runId: 'r-1', metrics: { sharpe: 1 } } });
    expect(begun.map(({ as }) => as)).toEqual(['ann', 'bob', 'cat']);
    expect(jobs.list().map(({ state, run }) => [state, run])).toEqual([
      ['running', null],
      ['done', 'r-1'],
      ['running', null],
    ]);
  });

  it('tell rate and time left, without what was done before, and begin anew with the next part', async () => {
    const jobs = await open();
    const { job } = jobs.begin(backtest, 'ann');
    const { progress } = begun[0]!.heard;
    progress({ label: 'search', done: 40, total: 100, unit: 'runs', note: '4 folds', reused: 40 });
    expect(jobs.show(job)).toMatchObject({ done: 40, total: 100, rate: null, eta: null, note: 'search, 4 folds' });
    clock += 10_000;
    progress({ label: 'search', done: 60, total: 100, unit: 'runs', note: '4 folds', reused: 40 });
    expect(jobs.show(job)).toMatchObject({ done: 60, unit: 'runs', rate: 2, eta: 20_000 });
    clock += 1000;
    progress({ label: 'checks', done: 0, total: 5, unit: 'runs', note: null, reused: 0 });
    clock += 2000;
    progress({ label: 'checks', done: 1, total: 5, unit: 'runs', note: null, reused: 0 });
    expect(jobs.show(job)).toMatchObject({ done: 1, total: 5, rate: 0.5, eta: 8000, note: 'checks' });
  });

  it('keep the last twenty lines that were said', async () => {
    const jobs = await open();
    const { job } = jobs.begin(backtest, 'ann');
    for (let i = 0; i < 30; i++) begun[0]!.heard.line(`line ${i}`);
    expect(jobs.show(job).said).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 10}`));
  });

  it('are cancelled by who began them and by operators, running or waiting, and by nobody else', async () => {
    const jobs = await open();
    const [mine, other, waiting] = [jobs.begin(backtest, 'ann'), jobs.begin(backtest, 'bob'), jobs.begin(backtest, 'bob')];
    expect(() => jobs.cancel(other.job, ann)).toThrow(expect.objectContaining({ code: 'not-yours', exitCode: 4 }));
    expect(jobs.cancel(waiting.job, { name: 'ops', roles: ['operator'] }).state).toBe('cancelled');
    jobs.cancel(mine.job, ann);
    expect(begun.map(({ cancelled }) => cancelled)).toEqual([true, false]);
    await begun[0]!.end({
      exitCode: 130,
      document: { error: { code: 'interrupted', message: '6 of 207 are kept.', fix: 'Run it again.' } },
    });
    expect(jobs.show(mine.job)).toMatchObject({
      state: 'cancelled',
      error: { code: 'interrupted', message: '6 of 207 are kept.' },
      run: null,
    });
    // The waiting one is gone from the queue.
    expect(begun).toHaveLength(2);
    expect(() => jobs.cancel(mine.job, ann)).toThrow(expect.objectContaining({ code: 'job-ended' }));
    expect(() => jobs.cancel('none', ann)).toThrow(expect.objectContaining({ code: 'unknown-job' }));
  });

  it('that fail keep code, sentence and fix, from the document or from what was said', async () => {
    const jobs = await open();
    const [a, b, c] = [jobs.begin(backtest, 'ann'), jobs.begin(backtest, 'ann'), jobs.begin(backtest, 'ann')];
    await begun[0]!.end({ exitCode: 2, document: { error: { code: 'unknown-dataset', message: 'There is none.', fix: 'List them.' } } });
    await begun[1]!.end({ exitCode: 3, document: { ok: false }, said: 'x\nerror: 2 files are missing.\nfix: Import again.\n' });
    await begun[2]!.end({ exitCode: 1, said: 'It was ended by SIGKILL.\n' });
    expect(jobs.show(a.job)).toMatchObject({
      state: 'failed',
      error: { code: 'unknown-dataset', message: 'There is none.', fix: 'List them.' },
      result: null,
    });
    expect(jobs.show(b.job)).toMatchObject({
      state: 'failed',
      error: { message: '2 files are missing.', fix: 'Import again.' },
      result: { ok: false },
    });
    expect(jobs.show(c.job)).toMatchObject({ state: 'failed', error: { message: 'It was ended by SIGKILL.', fix: null } });
  });

  it('of a server that was killed are lost; those that had ended stay what they were', async () => {
    const before = await open();
    const [done, ran, waits] = [before.begin(backtest, 'ann'), before.begin(backtest, 'ann'), before.begin(backtest, 'ann')];
    await begun[0]!.end({ document: { runId: 'r-1' } });
    // The file as a killed server leaves it: half a line at its end.
    const file = join(root, 'dashboard', 'jobs.ndjson');
    await writeFile(file, `${await logged('"state":"done"', ran.job, waits.job)}{"job":"ha`);
    const after = await open();
    expect(after.list().map(({ job, state }) => [job, state])).toEqual([
      [waits.job, 'lost'],
      [ran.job, 'lost'],
      [done.job, 'done'],
    ]);
    expect(after.show(ran.job).error?.code).toBe('lost');
    const { job } = after.begin(backtest, 'bob');
    await begun.at(-1)!.end({ document: { runId: 'r-2' } });
    await logged('r-2');
    expect((await open()).show(job)).toMatchObject({ state: 'done', run: 'r-2' });
  });

  it('are kept in a file that its owner alone can read', async () => {
    const jobs = await open();
    await logged(jobs.begin(backtest, 'ann').job);
    expect((await stat(join(root, 'dashboard', 'jobs.ndjson'))).mode & 0o777).toBe(0o600);
  });

  it('tell whoever listens of every change, until it stops', async () => {
    const jobs = await open();
    let heard = 0;
    const stop = jobs.onChange(() => (heard += 1));
    jobs.begin(backtest, 'ann');
    const begins = heard;
    expect(begins).toBeGreaterThan(0);
    begun[0]!.heard.line('x');
    expect(heard).toBe(begins + 1);
    stop();
    await begun[0]!.end({});
    expect(heard).toBe(begins + 1);
  });

  it('that still run when the server stops are cancelled and waited for', async () => {
    const jobs = await open();
    const { job } = jobs.begin(backtest, 'ann');
    let isClosed = false;
    const closing = jobs.close().then(() => (isClosed = true));
    expect(begun[0]!.cancelled).toBe(true);
    expect(isClosed).toBe(false);
    await begun[0]!.end({ exitCode: 130 });
    await closing;
    expect((await open()).show(job).state).toBe('cancelled');
  });

  it('carry no document that is too large for a list', async () => {
    const jobs = await open();
    const { job } = jobs.begin(backtest, 'ann');
    await begun[0]!.end({ document: { runId: 'r', metrics: { sharpe: 1 }, folds: Array.from({ length: 5000 }, () => ({ a: 1 })) } });
    expect(jobs.show(job).result).toEqual({ runId: 'r', metrics: { sharpe: 1 } });
  });
});
