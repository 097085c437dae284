import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const MARKET = ['--exchange', 'bybit', '--symbol', 'BTC/USDT:USDT', '--kind', 'bars'];

const csv = (close: number): string =>
  `ts,open,high,low,close,volume\n${Array.from({ length: 48 }, (_, i) => `${Date.UTC(2024, 0, 1, i)},100,120,80,${i === 20 ? close : 100},5\n`).join('')}`;

/** The first line of what went wrong, after the exit code. */
const mistake = async (...words: string[]): Promise<[number, string]> => {
  const { code, err } = await at(...words);
  expect(err).not.toMatch(/internal error|\n\s+at /);
  return [code, err.split('\n')[0] ?? ''];
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await writeFile(join(root, 'a.csv'), csv(101));
  await writeFile(join(root, 'b.csv'), csv(102));
  await mkdir(join(root, 'folder.csv'));
});
afterAll(() => remove());

describe('an import', () => {
  it('says which rows it revised, by value, and as JSON', async () => {
    await at('data', 'import', join(root, 'a.csv'), '--dataset', 'd', ...MARKET);
    const { err, out } = await at('data', 'import', join(root, 'b.csv'), '--dataset', 'd', ...MARKET);
    expect(err).toMatch(/warning revised .*\n.* 1 row of bars of BTC\/USDT:USDT .* had close 101 and now has 102/);
    expect(out).toMatch(/^Findings: .*1 warning/m);
    const again = JSON.parse((await at('data', 'import', join(root, 'a.csv'), '--dataset', 'd', ...MARKET, '--json')).out) as {
      acrossFiles: { code: string }[];
    };
    expect(again.acrossFiles.map(({ code }) => code)).toContain('revised');
  });

  it('takes steps above 0 only', async () => {
    for (const [option, value] of [
      ['tick', '0'],
      ['lot', '-1'],
    ] as const)
      expect(await mistake('data', 'import', join(root, 'a.csv'), '--dataset', 'e', ...MARKET, `--${option}=${value}`)).toEqual([
        2,
        `error: --${option} is a step above 0, not ${value}.`,
      ]);
  });

  it('of nothing, of a folder and of no file says so', async () => {
    expect(await mistake('data', 'import')).toEqual([2, 'error: Something is missing: quantai data import <files..>']);
    expect(await mistake('data', 'import', root, '--dataset', 'e')).toEqual([2, `error: ${root} is a folder.`]);
    expect(await mistake('data', 'import', join(root, 'no.csv'), '--dataset', 'e')).toEqual([
      2,
      `error: There is no file ${join(root, 'no.csv')}.`,
    ]);
  });
});

describe('a place that cannot be used', () => {
  it('is named in one sentence', async () => {
    const folder = join(root, 'folder.csv');
    expect(await mistake('data', 'export', 'sample', folder, '--symbol', 'BTC/USDT:USDT')).toEqual([
      1,
      `error: Using ${folder} is not possible: it is a folder (EISDIR, rename).`,
    ]);
    const inFile = join(root, 'a.csv', 'x.csv');
    expect((await mistake('data', 'export', 'sample', inFile, '--symbol', 'BTC/USDT:USDT'))[1]).toMatch(
      /(?:a part of the path is a file|a file has that name)/,
    );
    const { code, err } = await quantai(['data', 'list', '--workspace', join(root, 'a.csv')]);
    expect([code, err.split('\n')[0]]).toEqual([2, `error: ${join(root, 'a.csv')} is a file, not a folder.`]);
  });

  it('is no strategy', async () => {
    expect(await mistake('backtest', join(root, 'folder.csv'), '--dataset', 'sample')).toEqual([
      2,
      `error: ${join(root, 'folder.csv')} is a folder.`,
    ]);
    expect((await mistake('backtest', join(root, 'a.csv'), '--dataset', 'sample'))[1]).toMatch(/is not a \.ts or \.js file/);
  });

  it('is no second source', async () => {
    expect(await mistake('data', 'check', 'sample', '--against', 'no.csv')).toEqual([2, 'error: There is no file no.csv.']);
  });
});

describe('an answer', () => {
  it('of more rows than anyone reads is cut, and says how much is left', async () => {
    const { out } = await at('sql', 'SELECT * FROM range(200000)');
    expect(out.split('\n').slice(-2)).toEqual(['… 199,500 more rows; --json prints all.', ''].map(line => line.replace('… ', '… and ')));
    expect(out.split('\n').length).toBeLessThan(510);
  });
});

describe('a run', () => {
  it('whose figures are gone is not compared as if it had none', async () => {
    const runs: string[] = [];
    for (const to of ['2023-02-01', '2023-03-01'])
      runs.push(
        (JSON.parse((await at('backtest', 'buy-and-hold', '--dataset', 'sample', '--to', to, '--json')).out) as { runId: string }).runId,
      );
    const [first = '', second = ''] = runs;
    const all = await mistake('verify', 'journal', 'buy-and-hold');
    expect(all).toEqual([2, expect.stringMatching(/^error: 2 runs begin with "buy-and-hold": /)]);
    await rm(join(root, 'reports', first, 'result.json'));
    for (const words of [
      ['compare', first, second],
      ['verify', 'journal', first],
    ])
      expect(await mistake(...words)).toEqual([3, expect.stringMatching(/result\.json is missing: run .* is not whole/)]);
    expect((await at('runs')).code).toBe(0);
  });

  it('that keeps state outside itself is told so, not that it looks ahead', async () => {
    const file = join(root, 'stateful.ts');
    await writeFile(
      file,
      `import { defineStrategy, target } from 'quantai-trad';\n\nlet n = 0;\n\nexport default defineStrategy({\n  name: 'stateful',\n  params: {},\n  decide: bar => target(bar.symbol, (n++ % 7) / 7, { reason: 'x' }),\n});\n`,
    );
    const { code, out, err } = await at('verify', 'causality', file, '--dataset', 'sample', '--to', '2023-02-01');
    expect(code).toBe(1);
    expect(out).toMatch(/^DIFFERS .*stateful.ts: the same run twice gave two results/);
    expect(err).toMatch(/keeps state outside the run/);
  });

  it('asked for nonsense names the setting and the value', async () => {
    expect(await mistake('backtest', 'sma-cross', '--dataset', 'sample', '--capital', '-5')).toEqual([
      2,
      expect.stringMatching(/^error: The run's capital cannot be -5 /),
    ]);
  });
});

describe('an interrupt', () => {
  it('ends a causality check with 130, and an import before it writes', async () => {
    const stopped = AbortSignal.abort();
    const causality = await quantai(['verify', 'causality', 'sma-cross', '--dataset', 'sample', '--workspace', root], stopped);
    expect(causality.code).toBe(130);
    const importing = await quantai(['data', 'import', join(root, 'a.csv'), '--dataset', 'never', ...MARKET, '--workspace', root], stopped);
    expect(importing.code).toBe(130);
    expect((await at('data', 'list')).out).not.toMatch(/never/);
  });
});
