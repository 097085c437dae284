import { describe, expect, it } from 'vitest';
import { StrategyContext } from '../../src/engine/strategy-context.js';
import type { Instrument } from '../../src/market/instrument.js';
import { Account } from '../../src/portfolio/account.js';

const instrumentOf = (symbol: string): Instrument => ({
  symbol,
  exchange: 'bybit',
  kind: symbol.endsWith(':BTC') ? 'inverse-perpetual' : 'linear-perpetual',
  tickSize: 0.5,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.005,
  source: 'test',
});

const contextOf = (symbols: readonly string[], last: readonly number[]) => {
  const account = new Account(symbols.map(instrumentOf), 1000);
  const prices = Float64Array.from(last);
  const host = { now: 7, universe: symbols, equity: 1000 };
  const context = new StrategyContext({
    host,
    params: { length: 3 },
    memory: { seen: 0 },
    account,
    last: prices,
    instruments: symbols.map(instrumentOf),
    books: [],
    index: symbol => account.indexOf(symbol),
    funding: () => undefined,
    forecast: () => undefined,
    random: () => 0.5,
    plot: () => undefined,
    note: () => undefined,
  });
  return { context, account, host };
};

describe('the context of a strategy', () => {
  it('tells of now, taken apart or spread as of then, and shows nothing else', () => {
    const { context, host } = contextOf(['BTC/USDT:USDT'], [40_000]);
    const spread = { ...context };
    host.now = 8;
    const { now, equity, universe } = context;
    expect([spread.now, now, equity, universe]).toEqual([7, 8, 1000, ['BTC/USDT:USDT']]);
    expect(Object.keys(context)).not.toContain('host');
  });

  it('sees the same position in an account of one symbol as in an account of two', () => {
    for (const symbol of ['BTC/USDT:USDT', 'BTC/USD:BTC'])
      for (const lots of [1234, -77, 0]) {
        const one = contextOf([symbol], [40_123.5]);
        const two = contextOf([symbol, 'ETH/USDT:USDT'], [40_123.5, 2000]);
        for (const { account } of [one, two]) if (lots !== 0) account.fill(0, 80_001, lots, 12_345);
        expect(one.context.position(symbol)).toEqual(two.context.position(symbol));
      }
  });
});
