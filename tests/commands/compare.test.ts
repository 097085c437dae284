import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

interface Missing {
  readonly value: null;
  readonly reason: string;
}
interface Difference {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number | null;
  readonly adjustedP: number | null;
}
interface Compared {
  readonly runs: readonly { readonly runId: string; readonly metrics: Record<string, number> }[];
  readonly cautions: readonly string[];
  readonly common: { readonly periods: number; readonly own: Record<string, number> };
  readonly differences: readonly {
    readonly run: string;
    readonly metrics: Record<string, Difference | Missing>;
    readonly drawdowns: unknown;
  }[];
  readonly correlations: { readonly all: number[][] } | null;
  readonly portfolio:
    | Missing
    | {
        readonly periods: number;
        readonly bestRun: string;
        readonly portfolios: readonly {
          readonly name: string;
          readonly weights: readonly { readonly weights: Record<string, number> }[];
        }[];
      };
  readonly changed: readonly { readonly group: string; readonly name: string; readonly values: readonly (string | null)[] }[];
  readonly report: string;
}

let root = '';
let remove: () => Promise<void>;
let [fast, slow, held, short, walked] = ['', '', '', '', ''];
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const ran = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await at(...words, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return (JSON.parse(out) as { runId: string }).runId;
};
const compared = async (...words: string[]): Promise<Compared> => {
  const { code, out, err } = await at('compare', ...words, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Compared;
};
const difference = (of: Compared, run: number, name: string): Difference => {
  const figure = of.differences[run]!.metrics[name]!;
  if (!('difference' in figure)) throw new Error(figure.reason);
  return figure;
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await at(
    'data',
    'synth',
    '--dataset',
    'noise',
    '--from',
    '2022-01-01',
    '--to',
    '2022-11-01',
    '--symbols',
    'BTC/USDT:USDT',
    '--timeframe',
    '4h',
  );
  const run = ['--dataset', 'noise'];
  fast = await ran('backtest', 'sma-cross', ...run, '--param', 'fast=5', '--param', 'slow=20');
  slow = await ran('backtest', 'sma-cross', ...run, '--param', 'fast=10', '--param', 'slow=40');
  held = await ran('backtest', 'buy-and-hold', ...run);
  short = await ran('backtest', 'buy-and-hold', ...run, '--to', '2022-02-15');
  walked = await ran(
    'walkforward',
    'sma-cross',
    ...run,
    '--train',
    '40d',
    '--test',
    '20d',
    '--points',
    '2',
    '--min-trades',
    '1',
    '--workers',
    '1',
  );
});
afterAll(() => remove());

describe('quantai compare', () => {
  it('gives the difference of each metric, which is that of the runs’ own metrics where they cover the same days', async () => {
    const document = await compared(fast, slow, held);
    expect(document.common.periods).toBe(304);
    for (const [i, run] of document.runs.slice(1).entries())
      for (const name of ['sharpe', 'volatility', 'cagr']) {
        const { difference: apart, low, high, p, adjustedP } = difference(document, i, name);
        expect(apart).toBeCloseTo(run.metrics[name]! - document.runs[0]!.metrics[name]!, 9);
        expect(low).toBeLessThan(apart);
        expect(high).toBeGreaterThan(apart);
        expect(adjustedP).toBeGreaterThanOrEqual(p!);
      }
    expect(document.correlations?.all.map((row, i) => row[i])).toEqual([1, 1, 1].map(one => expect.closeTo(one, 12) as number));
    const page = await readFile(document.report, 'utf8');
    for (const id of ['differences', 'together', 'portfolio', 'changed']) expect(page).toContain(`id="${id}"`);
  });

  it('lists what changed and nothing that is equal', async () => {
    const { changed } = await compared(fast, slow);
    expect(changed).toEqual([
      { group: 'params', name: 'fast', values: ['5', '10'] },
      { group: 'params', name: 'slow', values: ['20', '40'] },
    ]);
    const fees = await ran('backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=5', '--param', 'slow=20', '--capital', '5000');
    expect((await compared(fast, fees)).changed).toEqual([{ group: 'config', name: 'capital', values: ['100000', '5000'] }]);
  });

  it('walks portfolios of the runs forward, with weights that sum to 1', async () => {
    const { portfolio, common } = await compared(fast, slow, held, '--lookback', '100d', '--reweight', '20d');
    if (!('portfolios' in portfolio)) throw new Error(portfolio.reason);
    expect(portfolio.periods).toBe(common.periods - 100);
    expect(portfolio.portfolios.map(({ name }) => name)).toEqual([
      'equal-weight',
      'equal-risk',
      'hierarchical-risk',
      'minimum-variance',
      'past-best',
    ]);
    for (const { weights } of portfolio.portfolios) {
      expect(weights).toHaveLength(Math.ceil(portfolio.periods / 20));
      for (const { weights: each } of weights) expect(Object.values(each).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
    expect((await compared(fast, slow, '--no-portfolio')).portfolio).toEqual({ value: null, reason: 'not asked for' });
    expect((await compared(fast, slow, '--lookback', '300d')).portfolio).toEqual({
      value: null,
      reason: 'only 304 common periods of the 360 that a portfolio walked forward needs',
    });
  });

  it('gives no figures for fewer than 60 common days, and says why', async () => {
    const { differences, correlations, common, cautions } = await compared(fast, short);
    expect(common.periods).toBe(45);
    expect(differences[0]!.metrics['sharpe']).toEqual({ value: null, reason: 'only 45 common periods of the 60 that a difference needs' });
    expect([differences[0]!.drawdowns, correlations]).toEqual([null, null]);
    expect(cautions).toContain('The runs cover different periods: compare yearly figures, not totals.');
    const { out } = await at('compare', fast, short);
    expect(out).toContain('no difference is given, only 45 common periods');
    expect(out).toContain('No portfolio of the runs');
  });

  it('says loudly that one is in-sample and one is not, and compares them on the tests’ days', async () => {
    const { cautions, common, changed, report } = await compared(fast, walked);
    expect(cautions[0]).toBe('Some results are in-sample and some out-of-sample: they are not alike.');
    expect(common.periods).toBeLessThan(304 - 39);
    expect(changed.some(({ group }) => group === 'search')).toBe(true);
    expect(await readFile(report, 'utf8')).toMatch(/class="alarm-box"[^>]*>[^<]*in-sample and some out-of-sample/);
  });

  it('prints for people what it found, and writes the page where it is told to', async () => {
    const file = join(root, 'page.html');
    const { code, out } = await at('compare', fast, slow, '--out', file);
    expect(code).toBe(0);
    expect(out).toMatch(/304 days are common to all runs/);
    expect(out).toMatch(/Sharpe [+−]?\d+\.\d\d \(95%: .* p (= |< )/);
    expect(out).toMatch(/portfolio, out of sample/);
    expect(out).toContain(`Report ${file}`);
    expect(await readFile(file, 'utf8')).toContain('quantai compare');
  });

  it('repeats itself to the byte', async () => {
    const [one, two] = [await compared(fast, slow), await compared(fast, slow)];
    expect(two).toEqual(one);
  });

  it('refuses lengths that are no days, and costs that are none', async () => {
    for (const [words, said] of [
      [['--lookback', '12h'], /is not a number of days/],
      [['--reweight', 'often'], /is not a duration/],
      [['--lookback', '5d'], /cannot be told from 5 days/],
      [['--move-cost', '-1'], /no cost in basis points/],
    ] as const) {
      const { code, err } = await at('compare', fast, slow, ...words);
      expect(code).toBe(2);
      expect(err).toMatch(said);
    }
  });
});
