import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Result {
  readonly featureSet: string;
  readonly rows: number;
  readonly labelled: number;
  readonly columns: readonly { readonly name: string; readonly missing: number }[];
  readonly table: { readonly file: string; readonly rows: number; readonly sha256: string };
  readonly report: string;
}

const WINDOW = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', '--from', '2023-01-05', '--to', '2023-02-05'];

let root = '';
let remove: () => Promise<void>;
let first: Ran;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const ask = async (query: string): Promise<unknown[][]> => {
  const { code, out, err } = await at('sql', query, '--json');
  expect({ query, code, err }).toEqual({ query, code: 0, err: '' });
  return (JSON.parse(out) as { rows: unknown[][] }).rows;
};
const mistake = async (...words: string[]): Promise<[number, string]> => {
  const { code, err } = await at('features', ...words);
  return [code, err.split('\n').find(line => line.startsWith('error: ')) ?? ''];
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  first = await at('features', 'small', ...WINDOW, '--json');
});
afterAll(() => remove());

describe('quantai features --list', () => {
  it('names every set with its version, and the columns of one by family', async () => {
    const all = await at('features', '--list');
    expect(all.code).toBe(0);
    for (const id of ['core@1', 'price-only@1', 'small@1']) expect(all.out).toContain(id);
    const small = await at('features', 'small', '--list');
    expect(small.out).toMatch(/^momentum +log-return\(1\)$/m);
    expect(small.out).toMatch(/^volatility +volatility-ratio\(6,48\)$/m);
    const listed = JSON.parse((await at('features', 'core', '--list', '--json')).out) as { needs: string[]; columns: { family: string }[] };
    expect(listed.needs).toContain('funding');
    expect(listed.columns.map(({ family }) => family)).not.toContain('own');
  });
});

describe('quantai features', () => {
  it('keeps the columns as they are known at each close, and what it found', async () => {
    const result = JSON.parse(first.out) as Result;
    expect(first.code).toBe(0);
    expect(result).toMatchObject({ featureSet: 'small@1', rows: 31 * 24, labelled: 30 * 24 });
    expect(result.table.rows).toBe(31 * 24);
    expect(result.columns).toHaveLength(12);
    // The first column by its definition, from the bars themselves.
    const [row] = await ask(
      `WITH b AS (SELECT ts + INTERVAL 1 HOUR AS ts, ln(close / lag(close) OVER (ORDER BY ts)) AS r FROM market_data WHERE dataset = 'sample' AND symbol = 'BTC/USDT:USDT')
       SELECT count(*), max(abs("log-return(1)" - r)) < 1e-12, min(ts), max(ts), any_value(dataset), any_value(timeframe)
       FROM feature_data JOIN b USING (ts) WHERE feature_set = 'small@1' AND symbol = 'BTC/USDT:USDT'`,
    );
    expect(row).toEqual([31 * 24, true, '2023-01-05 01:00:00', '2023-02-05 00:00:00', 'sample', '1h']);
  });

  it('gives the same table and the same figures again, in the same place', async () => {
    const again = await at('features', 'small', ...WINDOW, '--json');
    expect(again.out).toBe(first.out);
    expect(await ask(`SELECT count(*) FROM feature_data`)).toEqual([[31 * 24]]);
  });

  it('draws a report that says that it is exploration, with the command that gives it again', async () => {
    const { report } = JSON.parse(first.out) as Result;
    const page = await readFile(report, 'utf8');
    expect(page).toContain('exploration over all rows');
    expect(page).toContain('SYNTHETIC DATA');
    expect(page).toMatch(/quantai features small --dataset sample@[0-9a-f]{16}/);
    expect(JSON.parse(await readFile(join(report, '..', 'study.json'), 'utf8'))).toMatchObject({ featureSet: 'small@1' });
  });

  it('prints a table for people and warns of choosing by it', async () => {
    const { code, out } = await at('features', 'price-only', ...WINDOW, '--horizon', '4');
    expect(code).toBe(0);
    expect(out).toMatch(/^column +family +IC +t +chance/m);
    expect(out).toContain('fixed-horizon(4,band=');
    expect(out).toContain('must be tested on data after it');
    // Two sets in one view: what a set lacks is NULL.
    const [row] = await ask(`SELECT count(DISTINCT feature_set), count("signed-volume-share(12)") FROM feature_data`);
    expect(row).toEqual([2, 31 * 24]);
  });

  it('is no run', async () => {
    expect((await at('runs')).out).not.toContain('small');
    expect(await ask(`SELECT count(*) FROM runs`)).toEqual([[0]]);
  });

  it('says what is wrong with a set, a strategy, a window', async () => {
    expect(await mistake('smal', ...WINDOW)).toEqual([2, 'error: There is no feature set "smal". Did you mean "small"?']);
    expect(await mistake('small', '--strategy', 'sma-cross', ...WINDOW)).toEqual([
      2,
      'error: A feature set and a strategy are both named.',
    ]);
    expect(await mistake('--strategy', 'sma-cross', ...WINDOW)).toEqual([2, 'error: Strategy sma-cross makes no forecasts.']);
    expect(await mistake('small', '--dataset', 'sampel')).toEqual([2, expect.stringMatching(/^error: There is no dataset "sampel"/)]);
    expect(await mistake('core', '--dataset', 'sample', '--to', '2023-01-05')).toEqual([
      2,
      expect.stringMatching(/^error: No bar of the window/),
    ]);
    expect(await mistake('small', ...WINDOW, '--horizon', '0')).toEqual([2, expect.stringMatching(/^error: .*horizon/)]);
  });

  it('stops at an interrupt with 130 and leaves nothing', async () => {
    const { root: other, remove: done } = await temporaryWorkspace();
    const { code, err } = await quantai(['features', 'small', ...WINDOW, '--workspace', other], AbortSignal.abort());
    expect([code, err.split('\n')[0]]).toEqual([130, 'interrupted: The study was stopped; nothing was written.']);
    expect(existsSync(join(other, 'features'))).toBe(false);
    await done();
  });
});
