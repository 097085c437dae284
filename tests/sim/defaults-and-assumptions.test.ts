import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../src/market/instrument.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import { assumptionsOf } from '../../src/sim/assumptions.js';
import { exchangeRules } from '../../src/sim/exchange-rules.js';
import { runConfig, type RunRequest } from '../../src/sim/run-defaults.js';
import { venuePreset, venuePresets } from '../../src/sim/venue-preset.js';
import { perpetual } from '../engine/scenario.js';

const request = (more: Partial<RunRequest> = {}): RunRequest => ({
  exchange: 'bybit',
  from: 0,
  to: 1000,
  symbols: ['BTC/USDT:USDT'],
  timeframe: '1h',
  ...more,
});

describe('the defaults of a run', () => {
  it('are what the venue charges someone without a tier: never nothing', () => {
    for (const name of venuePresets()) {
      const { fees, slippage, latency, fills, source } = venuePreset(name);
      expect(fees).toMatchObject({ kind: 'maker-taker' });
      if (fees.kind === 'maker-taker') expect(0 < fees.maker && fees.maker < fees.taker && fees.taker < 0.001).toBe(true);
      expect(slippage.kind).not.toBe('none');
      expect(latency.kind).toBe('constant');
      if (latency.kind === 'constant') expect(Math.min(latency.order, latency.cancel, latency.report)).toBeGreaterThan(0);
      expect([fills.path, fills.limits]).toEqual(['pessimistic', 'through']);
      expect(source).toMatch(/20\d\d/);
    }
    expect(venuePreset('bybit').fees).toEqual({ kind: 'maker-taker', maker: 0.0002, taker: 0.00055 });
    expect(venuePreset('binance').fees).toEqual({ kind: 'maker-taker', maker: 0.0002, taker: 0.0005 });
  });

  it('know a venue by its CCXT ids', () => {
    for (const id of ['binanceusdm', 'Binance', 'binancecoinm', 'binance-usdm']) expect(venuePreset(id).name).toBe('binance');
    expect(venuePreset('bybit-linear').name).toBe('bybit');
    expect(() => venuePreset('bybti')).toThrow(/There is no cost preset for "bybti".*Did you mean "bybit"/);
  });

  it('are overlaid by what is asked for', () => {
    const plain = runConfig(request());
    expect(plain).toMatchObject({
      capital: 100_000,
      leverage: 3,
      funding: { kind: 'settled' },
      atEnd: 'mark',
      rebalanceBand: null,
      risk: { maxLeverage: 3, maxDrawdown: null },
      delays: { bars: 0, funding: 0, mark: 0 },
    });
    const asked = runConfig(request({ capital: 5, leverage: 7, seed: 9, slippage: { kind: 'none' }, atEnd: 'close', fees: undefined }));
    expect(asked).toMatchObject({ capital: 5, leverage: 7, seed: 9, slippage: { kind: 'none' }, atEnd: 'close', fees: plain.fees });
    // Leverage asked for is leverage that risk lets pass.
    expect(asked.risk.maxLeverage).toBe(7);
  });

  it('ask for the fees of a venue that nobody knows, and take the rest from a known one', () => {
    expect(() => runConfig(request({ exchange: 'my-broker' }))).toThrow(/no cost preset for "my-broker"/);
    const fees = { kind: 'maker-taker', maker: 0, taker: 0.001 } as const;
    expect(runConfig(request({ exchange: 'my-broker', fees }))).toMatchObject({ fees, leverage: 3 });
  });

  it('refuse a window that is empty and values that make no sense, naming the key', () => {
    expect(() => runConfig(request({ to: 0 }))).toThrow(/ends before it begins/);
    const wrong: [Partial<RunRequest>, RegExp][] = [
      [{ capital: 0 }, /capital/],
      [{ leverage: -1 }, /leverage/],
      [{ symbols: [] }, /symbols/],
      [{ fees: { kind: 'maker-taker', maker: 0, taker: 5 } }, /fees\.taker/],
      [{ fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: 0 } }, /fills\.participation/],
      [{ latency: { kind: 'constant', order: -1, cancel: 0, report: 0 } }, /latency\.order/],
      [{ rebalanceBand: 0 }, /rebalanceBand/],
      [{ seed: 1.5 }, /seed/],
    ];
    for (const [change, key] of wrong) expect(() => runConfig(request(change))).toThrow(key);
  });
});

describe('the rules that a configuration names', () => {
  const rules = (change: Partial<RunRequest>) => exchangeRules(runConfig(request(change)), [], []);
  const basis = { price: 100, quantity: 1, high: 110, low: 100, volume: 4 };

  it('are its fees', () => {
    const taken = { notional: 1e8, liquidity: 'taker', first: true } as const;
    expect(rules({ fees: { kind: 'maker-taker', maker: 0.01, taker: 0.02 } }).fees(taken)).toBe(2e6);
    expect(rules({ fees: { kind: 'per-order', fixed: 3, rate: 0.01 } }).fees(taken)).toBe(3.01e8);
  });

  it('are its slippage', () => {
    const of = (slippage: RunConfig['slippage']): number => rules({ slippage }).slippage(basis);
    expect(of({ kind: 'none' })).toBe(0);
    expect(of({ kind: 'fixed-bps', bps: 10 })).toBeCloseTo(0.1, 12);
    expect(of({ kind: 'half-spread', spreadBps: 10 })).toBeCloseTo(0.05, 12);
    expect(of({ kind: 'sqrt-impact', spreadBps: 10, coefficient: 2 })).toBeCloseTo(
      0.05 + (100 * 2 * 0.5 * Math.log(1.1)) / (2 * Math.sqrt(Math.LN2)),
      10,
    );
  });

  it('are its fills, leverage, latency and funding', () => {
    const fills = { kind: 'bars', path: 'low-first', limits: 'touch', participation: 0.3 } as const;
    const latency = { kind: 'constant', order: 1, cancel: 2, report: 3 } as const;
    const { latency: model, ...named } = rules({ fills, latency, leverage: 4 });
    expect(named).toMatchObject({ leverage: 4, funding: true });
    expect([model.order(0), model.cancel(0), model.report(0), model.feed(0)]).toEqual([1, 2, 3, 0]);
    expect(rules({ funding: { kind: 'none' } }).funding).toBe(false);
  });
});

describe('the assumptions of a run', () => {
  const instruments = [
    perpetual('BTC/USDT:USDT', { exchange: 'bybit', tickSize: 0.1, lotSize: 0.001, minNotional: 5, source: 'a list of 2025' }),
  ];
  const input = (kind: 'bars' | 'mark') => ({
    dataset: 'd',
    version: 'v',
    kind,
    symbol: 'BTC/USDT:USDT',
    from: 0,
    to: 1,
    rows: 1,
    synthetic: false,
  });
  const of = (change: Partial<RunRequest> = {}, inputs: readonly ReturnType<typeof input>[] = [input('bars')]) =>
    Object.fromEntries(assumptionsOf(runConfig(request(change)), instruments, inputs).map(a => [a.topic, a]));

  it('name the preset and its date where nothing else was asked for, and the user where it was', () => {
    const plain = of();
    expect(plain['Fees']).toEqual({
      topic: 'Fees',
      text: 'maker 0.02 %, taker 0.055 % of notional',
      source: 'Bybit derivatives fee schedule, non-VIP, 2025',
    });
    expect(of({ fees: { kind: 'maker-taker', maker: 0, taker: 0.00055 } })['Fees']).toMatchObject({
      text: 'maker 0 %, taker 0.055 % of notional',
      source: 'chosen by the user',
    });
    expect(of({ slippage: { kind: 'none' } })['Slippage']).toMatchObject({ text: /flatters/, source: 'chosen by the user' });
    for (const topic of ['Slippage', 'Latency', 'Volume']) expect(plain[topic]?.source).not.toBe('chosen by the user');
  });

  it('say each of them in words that change with it', () => {
    const plain = of();
    const changes: [string, Partial<RunRequest>][] = [
      ['Fees', { fees: { kind: 'per-order', fixed: 1, rate: 0.01 } }],
      ['Slippage', { slippage: { kind: 'fixed-bps', bps: 3 } }],
      ['Slippage', { slippage: { kind: 'half-spread', spreadBps: 3 } }],
      ['Slippage', { slippage: { kind: 'sqrt-impact', spreadBps: 3, coefficient: 1 } }],
      ['Latency', { latency: { kind: 'constant', order: 1, cancel: 2, report: 3 } }],
      ['Path inside a bar', { fills: { kind: 'bars', path: 'low-first', limits: 'through', participation: 0.1 } }],
      ['Limit orders', { fills: { kind: 'bars', path: 'pessimistic', limits: 'touch', participation: 0.1 } }],
      ['Volume', { fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null } }],
      ['Volume', { fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: 0.5 } }],
      ['Funding', { funding: { kind: 'none' } }],
      ['Leverage', { leverage: 7 }],
      ['Risk gate', { risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null, maxDrawdown: null } }],
      ['Risk gate', { risk: { maxOrderNotional: 5, maxLeverage: 1, maxExposure: 0.5, priceCollar: 0.1, maxDrawdown: 0.2 } }],
      ['End of the data', { atEnd: 'close' }],
    ];
    for (const [topic, change] of changes) expect(of(change)[topic]?.text, topic).not.toBe(plain[topic]?.text);
  });

  it('say of spot that it is not sold short, and that borrowing for it is free', () => {
    const text = (leverage: number, kind: Instrument['kind']) =>
      assumptionsOf(
        runConfig(request({ leverage })),
        instruments.map(i => ({ ...i, kind })),
        [input('bars')],
      ).find(a => a.topic === 'Spot')?.text;
    expect(text(1, 'spot')).toBe('BTC/USDT:USDT: never sold short');
    expect(text(2, 'spot')).toMatch(/never sold short; .* no interest/);
    expect(text(2, 'linear-perpetual')).toBeUndefined();
  });

  it('say how much of a bar’s volume may be ours, or that nothing bounds it', () => {
    const fills = { kind: 'bars', path: 'pessimistic', limits: 'through' } as const;
    expect(of({ fills: { ...fills, participation: null } })['Volume']?.text).toBe('orders of any size fill at once');
    expect(of({ fills: { ...fills, participation: 0.25 } })['Volume']?.text).toBe("our orders fill at most 25 % of a bar's volume");
  });

  it('say whether funding is at the mark, what is traded in which units, and what is published late', () => {
    expect(of()['Funding']?.text).toMatch(/at the last close: no mark price is loaded/);
    expect(of({}, [input('bars'), input('mark')])['Funding']?.text).toMatch(/at the mark price/);
    expect(of()['BTC/USDT:USDT']).toEqual({
      topic: 'BTC/USDT:USDT',
      text: 'tick 0.1, lot 0.001, minimum notional 5',
      source: 'a list of 2025',
    });
    expect(of()['Publication delay']).toBeUndefined();
    expect(of({ delays: { bars: 0, funding: 500, mark: 20 } })['Publication delay']?.text).toBe('funding 500 ms, mark 20 ms');
  });
});
