import { describe, expect, test } from 'vitest';
import { runDifferences, type RunMaking } from '../../src/experiments/run-differences.js';
import { runNames, type NamedRun } from '../../src/commands/run-names.js';
import { perpetual } from '../arbitraries/series.js';
import { tearsheetInput } from '../reports/fixture.js';

const { manifest } = tearsheetInput(100).result;
const INSTRUMENT = perpetual();
const making = (rest: Partial<RunMaking['manifest']> = {}, search = {}): RunMaking => ({ manifest: { ...manifest, ...rest }, search });

describe('what changed between runs', () => {
  test('is nothing for the same run twice', () => {
    expect(runDifferences([making(), making()])).toEqual([]);
  });

  test('is told by the path of each value, in the order code, data, parameters, search, configuration', () => {
    const other = making(
      {
        strategy: { name: 'sma-cross', bundle: 'a0b1' },
        params: { fast: 40, slow: 200 },
        config: { ...manifest.config, fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.001 } },
      },
      { objective: 'calmar' },
    );
    expect(runDifferences([making(), other])).toEqual([
      { group: 'code', name: 'code', values: ['builtin:sma-cross', 'a0b1'] },
      { group: 'params', name: 'slow', values: ['160', '200'] },
      { group: 'search', name: 'objective', values: [null, 'calmar'] },
      { group: 'config', name: 'fees.taker', values: ['0.00055', '0.001'] },
    ]);
  });

  test('is told once for all symbols of which the same is told', () => {
    const symbols = ['A/USDT:USDT', 'B/USDT:USDT', 'C/USDT:USDT', 'D/USDT:USDT'];
    const of = (version: string, count: number): RunMaking =>
      making({ inputs: symbols.slice(0, count).map(symbol => ({ ...manifest.inputs[0]!, symbol, version })) });
    expect(runDifferences([of('v1', 2), of('v2', 2)])).toEqual([
      { group: 'data', name: '1h bars: version of A/USDT:USDT, B/USDT:USDT', values: ['btc@v1', 'btc@v2'] },
    ]);
    expect(runDifferences([of('v1', 4), of('v2', 4)])[0]!.name).toBe('1h bars: version of 4 symbols');
  });

  test('leaves out instruments that one of them did not record', () => {
    const { platform, strategy, config, inputs, params } = manifest;
    const without = { platform, strategy, config, inputs, params };
    expect(runDifferences([making({ instruments: [INSTRUMENT] }), { manifest: without, search: {} }])).toEqual([]);
    expect(runDifferences([making({ instruments: [INSTRUMENT] }), making({ instruments: [{ ...INSTRUMENT, tickSize: 1 }] })])).toEqual([
      { group: 'data', name: 'tickSize of BTC/USDT:USDT', values: ['0.1', '1'] },
    ]);
  });
});

describe('names of compared runs', () => {
  const named = (runId: string, strategy: string, to: number, params: NamedRun['params']): NamedRun => ({
    runId,
    kind: 'backtest',
    strategy,
    dataset: 'btc',
    params,
    config: { ...manifest.config, to },
  });
  const later = manifest.config.to + 86_400_000;

  test('leave out windows where the rest tells the runs apart', () => {
    expect(
      runNames([
        named('a', 'sma-cross', later, { fast: 5 }),
        named('b', 'donchian-breakout', later, {}),
        named('c', 'sma-cross', manifest.config.to, { fast: 9 }),
      ]),
    ).toEqual(['sma-cross, fast 5', 'donchian-breakout', 'sma-cross, fast 9']);
  });

  test('keep the window where it is all that differs', () => {
    const [one, two] = runNames([named('a', 'sma-cross', later, {}), named('b', 'sma-cross', manifest.config.to, {})]);
    expect(one).toMatch(/^2022-01-01 to /);
    expect(two).not.toBe(one);
  });
});
