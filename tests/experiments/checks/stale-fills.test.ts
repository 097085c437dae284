import { describe, expect, it } from 'vitest';
import { staleFills } from '../../../src/experiments/checks/stale-fills.js';
import type { Chunk } from '../../../src/events/market.js';
import type { Fill } from '../../../src/portfolio/fill.js';
import { HOUR } from '../../../src/time.js';
import { smallMarket } from '../../arbitraries/market.js';

const { config, instruments } = smallMarket(1, 60, 1);
const T0 = Date.UTC(2024, 0, 1);
const SYMBOL = 'A/USDT:USDT';

/** Open, high, low, close and volume of hours from midnight on; null for an hour without a bar. */
const market = (...hours: readonly (readonly [number, number, number, number, number] | null)[]): Chunk => {
  const rows = hours.flatMap((bar, i) => (bar === null ? [] : [{ ts: T0 + i * HOUR, bar }]));
  return {
    kind: 'bars',
    symbol: SYMBOL,
    timeframe: '1h',
    rows: rows.length,
    ts: Float64Array.from(rows, ({ ts }) => ts),
    columns: Array.from({ length: 5 }, (_, k) => Float64Array.from(rows, ({ bar }) => bar[k]!)),
  };
};

const fill = (hour: number, price: number, more: Partial<Fill> = {}): Fill => ({
  seq: 0,
  ts: T0 + hour * HOUR,
  symbol: SYMBOL,
  orderId: 'a',
  side: 'buy',
  price,
  quantity: 1,
  fee: 0,
  slippage: 0,
  liquidity: 'taker',
  realised: 0,
  reason: '',
  ...more,
});

const verdict = (chunk: Chunk, ...fills: readonly Fill[]) => {
  const { verdict: said, sentence } = staleFills({ fills, chunks: [chunk], config, instruments });
  return [said, sentence] as const;
};

const lively = market([100, 104, 99, 103, 5], [103, 106, 102, 105, 5], [105, 108, 104, 107, 5], [107, 109, 106, 108, 5]);

describe('fills at prices nobody offered', () => {
  it('are none where each lies inside the bar of its moment', () => {
    expect(verdict(lively, fill(0.5, 99), fill(1.2, 106), fill(2.9, 104))).toEqual(['pass', 'All 3 fills lie inside a bar with trading.']);
  });

  it('are found when an order gets the low of the bar that has just ended', () => {
    expect(verdict(lively, fill(1.001, 99))).toEqual(['fail', expect.stringMatching(/1 fill outside the bar/)]);
  });

  it('may belong to either bar at the very moment of a close', () => {
    expect(verdict(lively, fill(1, 99))[0]).toBe('pass');
    expect(verdict(lively, fill(1, 106))[0]).toBe('pass');
    expect(verdict(lively, fill(1, 98))[0]).toBe('fail');
  });

  it('are not those that slippage alone carries out of the bar', () => {
    expect(verdict(lively, fill(0.5, 105, { slippage: 1 }))[0]).toBe('pass');
    expect(verdict(lively, fill(0.5, 105, { slippage: 0.5 }))[0]).toBe('fail');
    expect(verdict(lively, fill(0.5, 98, { side: 'sell', slippage: 2, quantity: 2 }))[0]).toBe('pass');
  });

  it('are found where a bar is missing, and doubted right after', () => {
    const holed = market([100, 104, 99, 103, 5], null, [105, 108, 104, 107, 5]);
    expect(verdict(holed, fill(1.5, 104))).toEqual(['fail', expect.stringMatching(/1 fill where there is no bar/)]);
    expect(verdict(holed, fill(2.5, 104))[1]).toMatch(/1 fill in the first bar after a hole/);
  });

  it('are doubted where nobody traded, or the price stood still for three bars', () => {
    const dead = market(
      [100, 104, 99, 103, 5],
      [103, 104, 103, 103, 0],
      [103, 103, 103, 103, 5],
      [103, 103, 103, 103, 5],
      [103, 103, 103, 103, 5],
    );
    expect(verdict(dead, fill(1.5, 103))[1]).toMatch(/1 fill in a bar without volume/);
    expect(verdict(dead, fill(3.5, 103))[0]).toBe('pass');
    expect(verdict(dead, fill(4.5, 103))[1]).toMatch(/1 fill where the price stood still/);
  });

  it('are looked at when they are few, and fail when they are more than a twentieth of what was traded', () => {
    const dead = market([100, 104, 99, 103, 5], [103, 104, 103, 103, 0]);
    const good = (count: number): Fill[] => Array.from({ length: count }, () => fill(0.5, 103));
    expect(verdict(dead, fill(1.5, 103), ...good(19))[0]).toBe('warn');
    expect(verdict(dead, fill(1.5, 103), ...good(18))[0]).toBe('fail');
  });

  it('cannot be looked for where nothing was filled', () => {
    expect(verdict(lively)).toEqual(['untested', 'Not tested: nothing was filled.']);
  });
});
