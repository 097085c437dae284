import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInverse, kindOfSymbol, paysFunding } from '../../src/market/instrument.js';
import { barStart, timeframe, timeframeMs, timeframeOf } from '../../src/market/timeframe.js';
import { perpetual } from '../engine/scenario.js';

describe('timeframes', () => {
  it('reads lengths as exchanges write them', () => {
    const lengths = { '30s': 30_000, '1m': 60_000, '15m': 900_000, '1h': 3_600_000, '8h': 28_800_000, '1d': 86_400_000, '1w': 604_800_000 };
    for (const [text, ms] of Object.entries(lengths)) {
      expect(timeframeMs(text)).toBe(ms);
      expect(timeframeOf(ms)).toBe(text);
      expect(timeframe(text)).toBe(text);
    }
  });

  it('writes each length in its largest unit', () => {
    expect([timeframeOf(5_400_000), timeframeOf(172_800_000), timeframeOf(7 * 86_400_000), timeframeOf(90_000)]).toEqual([
      '90m',
      '2d',
      '1w',
      '90s',
    ]);
    expect(() => timeframeOf(1_500)).toThrow(/whole number of seconds/);
    expect(() => timeframeOf(0)).toThrow(/whole number of seconds/);
  });

  it('refuses what is no timeframe, with the fix', () => {
    for (const text of ['', '1', 'h', '0h', '1.5h', '-1h', '1H', '1mo', ' 1h', '01h'])
      expect(() => timeframeMs(text)).toThrow(/is not a timeframe/);
  });

  it('starts weeks on Monday 00:00 UTC and everything else at the epoch', () => {
    const at = (text: string): number => Date.parse(`${text}Z`);
    const week = timeframeMs('1w');
    expect(barStart(at('2024-01-03T12:34'), week)).toBe(at('2024-01-01T00:00'));
    expect(barStart(at('2024-01-01T00:00'), week)).toBe(at('2024-01-01T00:00'));
    expect(barStart(at('2023-12-31T23:59:59.999'), week)).toBe(at('2023-12-25T00:00'));
    expect(barStart(at('1970-01-01T00:00'), week)).toBe(at('1969-12-29T00:00'));
    expect(barStart(at('2024-01-03T12:34'), timeframeMs('1d'))).toBe(at('2024-01-03T00:00'));
    expect(barStart(at('2024-01-03T12:34'), timeframeMs('4h'))).toBe(at('2024-01-03T12:00'));
    expect(barStart(at('2024-01-03T12:34'), timeframeMs('8h'))).toBe(at('2024-01-03T08:00'));
  });

  it('puts every time into exactly one bar', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.constantFrom('1m', '4h', '1d', '3d', '1w', '2w'), (ts, text) => {
        const ms = timeframeMs(text);
        const start = barStart(ts, ms);
        expect(start <= ts && ts < start + ms).toBe(true);
        expect(barStart(start, ms)).toBe(start);
        if (ms % timeframeMs('1w') === 0) expect(new Date(start).getUTCDay()).toBe(1);
      }),
    );
  });
});

describe('instruments', () => {
  it('tells the kind of a symbol from its spelling, and that only perpetuals pay funding', () => {
    expect(['BTC/USDT:USDT', 'BTC/USDT', 'GOOG'].map(kindOfSymbol)).toEqual(['linear-perpetual', 'spot', 'equity']);
    const kinds = ['linear-perpetual', 'spot', 'equity', 'fx', 'index'] as const;
    expect(kinds.map(kind => paysFunding(perpetual('X', { kind })))).toEqual([true, false, false, false, false]);
  });

  it('knows a contract that settles in its base asset', () => {
    expect(
      ['BTC/USD:BTC', 'BTC/USD:BTC-240628', 'BTC/USDT:USDT', 'BTC/USDT', 'BTC/USDC:USDC-240628', 'GOOG', 'B/USD:BTC'].map(isInverse),
    ).toEqual([true, true, false, false, false, false, false]);
  });
});
