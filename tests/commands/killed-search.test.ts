import { spawn } from 'node:child_process';
import { appendFile, readFile, readdir, rm, truncate } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countTrials } from '../../src/experiments/count-trials.js';
import { temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const CLI = resolve('dist/cli.js');

let root = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ root, remove } = await temporaryWorkspace());
});
afterEach(() => remove());

/** Every line of the ledger that is whole, by nothing but JSON. */
const lines = async (workspace: string): Promise<{ type: string; hash: string }[]> => {
  const folder = join(workspace, 'ledger');
  const names = await readdir(folder).catch((): string[] => []);
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')));
  return texts.flatMap(text =>
    text.split('\n').flatMap(line => {
      try {
        return [JSON.parse(line) as { type: string; hash: string }];
      } catch {
        return [];
      }
    }),
  );
};
const hashes = async (workspace: string, type: 'trial' | 'result'): Promise<Set<string>> =>
  new Set((await lines(workspace)).filter(line => line.type === type).map(({ hash }) => hash));

/** A process of the built program. */
const start = (workspace: string, words: readonly string[]) =>
  spawn(process.execPath, [CLI, '--workspace', workspace, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });

/** Runs the command and kills it without warning once so many different trials are on record. Says whether it was killed. */
const killAt = (words: readonly string[], trials: number): Promise<boolean> =>
  new Promise((done, fail) => {
    const child = start(root, words);
    child.stdout.resume();
    child.stderr.resume();
    let isOver = false;
    child.on('error', fail).on('close', (_code, signal) => {
      isOver = true;
      done(signal === 'SIGKILL');
    });
    const look = async (): Promise<void> => {
      if (isOver) return;
      if ((await hashes(root, 'trial')).size >= trials) child.kill('SIGKILL');
      else setTimeout(() => void look().catch(fail), 5);
    };
    void look().catch(fail);
  });

interface Outcome {
  readonly runId: string;
  readonly fingerprint: string;
  readonly trials: number;
  readonly trialsEver: number;
}
/** Runs the command to its end and gives what it printed. */
const finish = (workspace: string, words: readonly string[]): Promise<Outcome> =>
  new Promise((done, fail) => {
    const child = start(workspace, [...words, '--json']);
    let [out, err] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    child.on('error', fail).on('close', code => {
      if (code === 0) done(JSON.parse(out) as Outcome);
      else fail(new Error(`exit code ${code}: ${err}`));
    });
  });

const WINDOW = ['sma-cross', '--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', '--to', '2023-04-01'];
const DATA = [...WINDOW, '--min-trades', '1'];
const SEARCHES = [
  { name: 'sweep', search: ['sweep', ...DATA, '--search', 'tpe', '--trials', '24'], workers: '2' },
  { name: 'walkforward', search: ['walkforward', ...DATA, '--train', '30d', '--test', '15d', '--points', '3'], workers: '1' },
];

describe.each(SEARCHES)('quantai $name that is killed', ({ search, workers }) => {
  it('has on record what it had begun, and after it is resumed what it would have without', async () => {
    const { root: other, remove: done } = await temporaryWorkspace();
    const whole = await finish(other, [...search, '--workers', '1']);
    const expected = await hashes(other, 'trial');
    expect([whole.trials, whole.trialsEver]).toEqual([expected.size, expected.size]);
    await done();

    let kills = 0;
    for (const share of [0, 0.6]) {
      const before = await hashes(root, 'trial');
      if (await killAt([...search, '--workers', workers], Math.max(1, before.size, Math.ceil(share * expected.size)))) kills++;
      const begun = await hashes(root, 'trial');
      const settled = await hashes(root, 'result');
      // Nothing is forgotten, nothing is on record that the whole search would not try, and no result came before its trial.
      for (const hash of before) expect(begun).toContain(hash);
      for (const hash of begun) expect(expected).toContain(hash);
      for (const hash of settled) expect(begun).toContain(hash);
      expect(await countTrials(join(root, 'ledger'))).toMatchObject({ distinct: begun.size, unsettled: begun.size - settled.size });
    }
    expect(kills).toBeGreaterThan(0);
    const cut = await hashes(root, 'trial');

    // A line torn by the crash: what was begun afterwards is not glued to it.
    const [name = ''] = await readdir(join(root, 'ledger'));
    const file = join(root, 'ledger', name);
    await appendFile(file, '{"at":1,"code":"builtin:sma-cross","hash":"00');
    expect((await countTrials(join(root, 'ledger'))).distinct).toBe(cut.size);

    const resumed = await finish(root, [...search, '--workers', '1']);
    expect(await hashes(root, 'trial')).toEqual(expected);
    expect(await hashes(root, 'result')).toEqual(expected);
    expect(resumed).toMatchObject({
      runId: whole.runId,
      fingerprint: whole.fingerprint,
      trials: whole.trials,
      trialsEver: whole.trialsEver,
    });
    const count = await countTrials(join(root, 'ledger'));
    expect(count).toMatchObject({ distinct: expected.size, unsettled: 0 });

    // Outputs can go; what was tried stays tried.
    await rm(join(root, 'reports'), { recursive: true });
    expect(await countTrials(join(root, 'ledger'))).toEqual(count);
    const size = (await readFile(file)).length;
    await truncate(file, size - 20);
    expect((await countTrials(join(root, 'ledger'))).distinct).toBe(expected.size);
    // The next run prints it.
    const alone = await finish(root, ['backtest', ...WINDOW, '--no-path-check', '--param', 'fast=7', '--param', 'slow=77']);
    expect(alone.trialsEver).toBe(new Set([...expected, ...(await hashes(root, 'trial'))]).size);
  });
});
