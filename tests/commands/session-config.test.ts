import { describe, expect, it } from 'vitest';
import type { RunOverrides } from '../../src/commands/run-options.js';
import { atDepth, sessionConfig, sessionWishes } from '../../src/commands/session-config.js';
import type { MarketKind } from '../../src/events/market.js';

const FILE: RunOverrides = { symbols: ['ETH/USDT:USDT', 'BTC/USDT:USDT'], risk: { maxExposure: 1, maxDrawdown: 0.3 }, leverage: 2 };
const configured = (options: Parameters<typeof sessionWishes>[1] = {}, preset = 'binance') =>
  sessionConfig(sessionWishes(FILE, options, '.'), preset);
const depth = (options: Parameters<typeof sessionWishes>[1], ...kinds: MarketKind[]) =>
  atDepth(configured(options), sessionWishes(FILE, options, '.').fills, new Set(kinds)).fills;

describe('the configuration of a session', () => {
  it('is the command line over the file over the venue’s preset, limit by limit, with symbols in order', () => {
    const config = configured({ 'max-exposure': 0.5, timeframe: '5m' });
    expect(config.symbols).toEqual(['BTC/USDT:USDT', 'ETH/USDT:USDT']);
    expect(config).toMatchObject({ timeframe: '5m', leverage: 2, risk: { maxExposure: 0.5, maxDrawdown: 0.3 } });
    expect(config.fees).toMatchObject({ kind: 'maker-taker', taker: 0.0005 });
    expect(configured({}, 'bybit').fees).toMatchObject({ taker: 0.00055 });
    expect(configured().timeframe).toBe('1m');
  });

  it('matches as deep as is said, else as deep as its strategies look', () => {
    expect(depth({}).kind).toBe('bars');
    expect(depth({}, 'funding').kind).toBe('bars');
    expect(depth({}, 'quotes')).toEqual({ kind: 'trades', queue: { kind: 'pessimistic' }, spreadBps: 1 });
    expect(depth({}, 'trades', 'book')).toMatchObject({ kind: 'book', ownImpact: true });
    expect(depth({ depth: 'bars' }, 'book').kind).toBe('bars');
    expect(depth({ depth: 'book', queue: 'log', 'own-impact': false })).toEqual({ kind: 'book', queue: { kind: 'log' }, ownImpact: false });
  });

  it('needs symbols, and has no window', () => {
    expect(() => sessionWishes({}, {}, '.')).toThrow(/No symbols/);
    expect(() => sessionWishes(FILE, { from: '2024-01-01' }, '.')).toThrow(/begins now/);
    // A window in the file is for backtests.
    expect(sessionConfig(sessionWishes({ ...FILE, from: 5, to: 6 }, {}, '.'), 'binance')).toMatchObject({ from: 0, to: 1 });
  });
});
