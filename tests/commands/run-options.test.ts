import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyValues, pairs } from '../../src/commands/key-values.js';
import { parseConfig } from '../../src/commands/workspace-config.js';
import { reproducingCommand } from '../../src/commands/reproduce.js';
import { overlay, overridesOf } from '../../src/commands/run-options.js';

describe('options of a run', () => {
  it.each([
    [{ fees: 'maker=0.0002,taker=0.00055' }, { fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.00055 } }],
    [{ fees: '0.001' }, { fees: { kind: 'maker-taker', maker: 0.001, taker: 0.001 } }],
    [{ fees: 'none' }, { fees: { kind: 'maker-taker', maker: 0, taker: 0 } }],
    [{ fees: 'per-order:fixed=1,rate=0.001' }, { fees: { kind: 'per-order', fixed: 1, rate: 0.001 } }],
    [{ slippage: 'fixed-bps:1' }, { slippage: { kind: 'fixed-bps', bps: 1 } }],
    [{ slippage: 'half-spread:2' }, { slippage: { kind: 'half-spread', spreadBps: 2 } }],
    [{ slippage: 'sqrt-impact:spread=2,coefficient=0.7' }, { slippage: { kind: 'sqrt-impact', spreadBps: 2, coefficient: 0.7 } }],
    [{ slippage: 'none' }, { slippage: { kind: 'none' } }],
    [{ latency: '100ms' }, { latency: { kind: 'constant', order: 100, cancel: 100, report: 100 } }],
    [{ latency: 'order=1s,cancel=50ms,report=20ms' }, { latency: { kind: 'constant', order: 1000, cancel: 50, report: 20 } }],
    [{ path: 'pessimistic', participation: '0.1' }, { fills: { path: 'pessimistic', participation: 0.1 } }],
    [{ participation: 'none' }, { fills: { participation: null } }],
    [{ symbols: 'BTC/USDT:USDT, ETH/USDT:USDT' }, { symbols: ['BTC/USDT:USDT', 'ETH/USDT:USDT'] }],
    [{ from: '2024-01-31' }, { from: 1706659200000 }],
    [{ 'max-drawdown': 0.3 }, { risk: { maxDrawdown: 0.3 } }],
    [{ delay: 'bars=1s' }, { delays: { bars: 1000 } }],
    [{}, {}],
  ])('%o means %o', (options, overrides) => {
    expect(overridesOf(options)).toEqual(overrides);
  });

  it.each([
    [{ fees: 'maker=0.0002' }, /both maker and taker/],
    [{ fees: 'maker=x,taker=1' }, /takes a number, not "x"/],
    [{ fees: 'makr=1,taker=1' }, /Did you mean "maker"/],
    [{ slippage: 'fixed-bp:1' }, /Did you mean "fixed-bps"/],
    [{ slippage: 'fixed-bps' }, /takes a number/],
    [{ latency: '100' }, /not a duration/],
    [{ path: 'pesimistic' }, /Did you mean "pessimistic"/],
    [{ delay: 'book=1s' }, /no "book"/],
  ])('%o is refused in words', (options, message) => {
    expect(() => overridesOf(options)).toThrow(message);
  });

  it('on the command line go before those of the configuration file, key by key', () => {
    expect(overlay({ capital: 1, risk: { maxDrawdown: 0.2, maxExposure: 1 } }, { capital: 2, risk: { maxExposure: 3 } })).toEqual({
      capital: 2,
      risk: { maxDrawdown: 0.2, maxExposure: 3 },
    });
  });

  it('name=value pairs keep everything after the first equals sign', () => {
    const name = fc.stringMatching(/^[a-z]+$/);
    fc.assert(fc.property(name, fc.string(), (key, value) => pairs('param', [`${key}=${value}`])[key] === value.trim()));
    expect(() => pairs('param', ['fast'])).toThrow(/name=value/);
    expect(keyValues('x', 'kind:a=1,b=2')).toEqual({ kind: 'kind', bare: undefined, values: { a: '1', b: '2' } });
  });
});

describe('the configuration file', () => {
  it.each([
    [{ capital: -1 }, 'capital'],
    [{ colour: 'red' }, 'colour'],
    [{ risk: { maxDrawdown: 2 } }, 'risk.maxDrawdown'],
    [{ walkforward: { train: 'long' } }, 'walkforward.train'],
    [{ fees: { kind: 'flat' } }, 'fees.kind'],
  ])('%o is refused by the name of the key', (config, key) => {
    expect(() => parseConfig(config, 'quantai.config.ts')).toThrow(key);
  });

  it('may give times as dates', () => {
    expect(parseConfig({ from: '2024-01-31' }, 'quantai.config.ts').run.from).toBe(1706659200000);
  });
});

describe('the reproducing command', () => {
  it.each([
    [['backtest', 'a', '--dataset', 'btc', '--json'], 'quantai backtest a --dataset btc@0123456789abcdef'],
    [['backtest', 'a', '--dataset=btc@01', '--workspace', '/x'], 'quantai backtest a --dataset btc@0123456789abcdef'],
    [['backtest', 'my file.ts', '--dataset', 'btc'], `quantai backtest 'my file.ts' --dataset btc@0123456789abcdef`],
  ])('of %o is %s', (argv, command) => {
    expect(reproducingCommand(argv, 'btc', '0123456789abcdef0123')).toBe(command);
  });
});
