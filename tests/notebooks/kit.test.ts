import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { history, query, reportChart, run, show, table } from '../../src/commands/notebook-kit.js';
import { quantai, temporaryWorkspace } from '../commands/run-quantai.js';

interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
const shown: Bundle[] = [];
beforeAll(async () => {
  workspace = await temporaryWorkspace();
  vi.stubEnv('QUANTAI_HOME', workspace.root);
  vi.stubGlobal('quantaiDisplay', (bundle: Bundle) => void shown.push(bundle));
});
beforeEach(() => void shown.splice(0));
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await workspace.remove();
});

const symbol = 'BTC/USDT:USDT';
const january = { dataset: 'sample', symbol, timeframe: '1h', from: '2023-01-01', to: '2023-02-01' } as const;

describe('what a notebook is given', () => {
  it('answers a query as quantai sql does, one object a row', async () => {
    const sql = `SELECT symbol, count(*) AS bars, max(high) AS top FROM market_data WHERE ts < '2023-02-01' GROUP BY ALL ORDER BY ALL`;
    const rows = await query(sql);
    const { out } = await quantai(['sql', sql, '--workspace', workspace.root, '--json']);
    const told = JSON.parse(out) as { columns: string[]; rows: unknown[][] };
    expect(rows.length).toBe(3);
    expect(rows.map(row => Object.values(row))).toEqual(told.rows);
    expect(Object.keys(rows[0]!)).toEqual(told.columns);
  });

  it('loads the very rows that SQL counts, and refuses a series that is not there', async () => {
    const chunk = await history(january);
    const [told] = await query<{ n: number; first: number; last: number; volume: number }>(
      `SELECT count(*) AS n, first(close ORDER BY ts) AS first, last(close ORDER BY ts) AS last, sum(volume ORDER BY ts) AS volume FROM market_data
       WHERE dataset = 'sample' AND symbol = '${symbol}' AND ts >= '2023-01-01' AND ts < '2023-02-01'`,
    );
    const [, , , close, volume] = chunk.columns;
    expect([chunk.rows, close![0], close!.at(-1)]).toEqual([told?.n, told?.first, told?.last]);
    expect(volume!.reduce((sum, each) => sum + each, 0)).toBeCloseTo(told!.volume, 3);
    await expect(history({ ...january, kind: 'book' })).rejects.toMatchObject({ name: 'UserError' });
  });

  it('gives commands and hands back their document, or their error with its fix', async () => {
    const made = await run<{ runId: string; metrics: { trades: number } }>(
      'backtest',
      'sma-cross',
      '--dataset',
      'sample',
      '--symbols',
      symbol,
      '--from',
      '2023-01-15',
      '--to',
      '2023-03-01',
      '--workers',
      '1',
    );
    const [kept] = await query<{ trades: number }>(`SELECT trades FROM runs WHERE run_id = '${made.runId}'`);
    expect(kept?.trades).toBe(made.metrics.trades);
    await expect(run('backtest', 'sma-cros', '--dataset', 'sample')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('sma-cross') as string,
    });
    await expect(run('report', made.runId, '--chart', 'no')).rejects.toMatchObject({ code: 'unknown-chart' });
    await show(await reportChart(made.runId, 'equity-drawdown'));
    expect(shown).toHaveLength(1);
    expect(shown[0]?.data['text/plain']).toMatch(/^\[chart\] Equity/);
  });

  it('shows tables with figures set right, and nothing of a cell as markup', () => {
    table([
      { name: '<b>a</b>', trades: 12_345, share: 0.123456, none: null },
      { name: 'b', trades: 7, share: -1.5, none: null },
    ]);
    const html = String(shown[0]?.data['text/html']);
    expect(html).toContain('&lt;b&gt;a&lt;/b&gt;');
    expect(html).not.toContain('<b>');
    expect(shown[0]?.data['text/plain']).toBe(
      ['name      trades   share  none', '<b>a</b>  12,345  0.1235  –', 'b              7  −1.500  –'].join('\n'),
    );
  });

  it('shows a chart as a specification and as a picture, and fails on one that is none', async () => {
    const data = { values: [{ day: 1, level: 2 }] };
    await show({
      title: 'Levels',
      data,
      mark: 'point',
      encoding: { x: { field: 'day', type: 'quantitative' }, y: { field: 'level', type: 'quantitative' } },
    });
    const { data: forms, metadata } = shown[0]!;
    expect(Object.keys(forms)).toEqual(['application/vnd.vegalite.v5+json', 'image/png', 'text/plain']);
    expect(forms).toMatchObject({ 'application/vnd.vegalite.v5+json': { data, width: 720 }, 'text/plain': '[chart] Levels' });
    expect(Buffer.from(String(forms['image/png']), 'base64').subarray(1, 4).toString()).toBe('PNG');
    const { width, height } = metadata['image/png'] as { width: number; height: number };
    expect([width > 720, height > 260, width < 900]).toEqual([true, true, true]);
    await expect(show({ data, mark: 'no-such-mark' })).rejects.toThrow();
  });
});

describe('live trading from a notebook', () => {
  it.each([
    ['live', ['live', 'sma-cross', '--venue', 'practice', '--symbols', symbol]],
    ['rehearse', ['rehearse', '--account', 'main', '--venue', 'practice', '--symbol', symbol]],
  ])('%s is refused there, and understood elsewhere', async (_, words) => {
    vi.stubEnv('QUANTAI_NOTEBOOK', '1');
    await expect(run(...words)).rejects.toMatchObject({ code: 'no-live-in-notebook', exitCode: 2 });
    vi.stubEnv('QUANTAI_NOTEBOOK', undefined);
    // No practice exchange runs: it got as far as looking for one.
    const refused: unknown = await run(...words).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ name: 'UserError' });
    expect(refused).not.toMatchObject({ code: 'no-live-in-notebook' });
  });
});
