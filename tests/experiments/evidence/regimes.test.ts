import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marketRegimes, regimeFigures, UNKNOWN_REGIME } from '../../../src/experiments/evidence/regimes.js';
import { yearFigures } from '../../../src/experiments/evidence/years.js';
import { random } from '../../../src/random.js';
import { DAY, HOUR } from '../../../src/time.js';

const START = Date.UTC(2023, 0, 1);

const market = (days: number, seed: number, step = 8 * HOUR) => {
  const draw = random(seed);
  const n = (days * DAY) / step;
  const ts = Float64Array.from({ length: n }, (_, i) => START + (i + 1) * step);
  let price = 100;
  const close = ts.map((_, i) => (price *= Math.exp((i % 300 < 100 ? 0.03 : 0.01) * draw.normal())));
  return { ts, close };
};

/** The definition, day by day and from the beginning each time. `known` are daily closes up to the evening before. */
const regimeOf = (known: readonly (readonly number[])[]): string => {
  const returns = Array.from({ length: Math.max(0, (known[0]?.length ?? 0) - 1) }, (_, d) => {
    const each = known.map(closes => Math.log(closes[d + 1]! / closes[d]!));
    return each.reduce((a, b) => a + b, 0) / each.length;
  });
  if (returns.length < 60) return UNKNOWN_REGIME;
  const volatility = (end: number) => Math.sqrt(returns.slice(end - 20, end).reduce((sum, r) => sum + (r * r) / 20, 0));
  const past = Array.from({ length: returns.length - 19 }, (_, k) => volatility(20 + k)).sort((a, b) => a - b);
  const half = past.length / 2;
  const median = Number.isInteger(half) ? (past[half - 1]! + past[half]!) / 2 : past[Math.floor(half)]!;
  const trend = returns.slice(-60).reduce((a, b) => a + b, 0);
  return `${volatility(returns.length) > median ? 'stormy' : 'calm'}, ${trend > 0 ? 'rising' : 'falling'}`;
};

describe('market regimes', () => {
  const closes = { 'A/USDT': market(220, 1), 'B/USDT': market(220, 2) };
  const ends = Float64Array.from({ length: 220 }, (_, d) => START + (d + 1) * DAY);
  const labels = marketRegimes(closes, ends);

  it('are those of the definition, worked out anew for each day from what was known the evening before', () => {
    const daily = Object.values(closes).map(({ close }) => Array.from({ length: 220 }, (_, d) => close[3 * d + 2]!));
    const slow = Array.from({ length: 220 }, (_, d) => regimeOf(daily.map(list => list.slice(0, d))));
    expect(labels).toEqual(slow);
    expect(new Set(labels).size).toBe(5);
  });

  it('know nothing of the day that they name, nor of anything after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 219 }), fc.double({ min: 0.2, max: 5, noNaN: true }), (day, factor) => {
        const from = START + day * DAY;
        const changed = Object.fromEntries(
          Object.entries(closes).map(([symbol, { ts, close }]) => [
            symbol,
            { ts, close: close.map((price, i) => (ts[i]! > from ? price * (i % 2 === 0 ? factor : 1) : price)) },
          ]),
        );
        expect(marketRegimes(changed, ends).slice(0, day + 1)).toEqual(labels.slice(0, day + 1));
      }),
      { numRuns: 40 },
    );
  });
});

describe('figures by regime and by year', () => {
  const n = 800;
  const returnTs = Float64Array.from({ length: n }, (_, d) => START + (d + 1) * DAY);
  const draw = random('periods');
  const returns = returnTs.map(() => 0.01 * draw.normal());
  const trip = (exitTs: number) => ({
    symbol: 'A/USDT',
    side: 'long' as const,
    entryTs: exitTs - DAY,
    exitTs,
    entryPrice: 1,
    exitPrice: 1,
    quantity: 1,
    grossPnl: 0,
    fees: 0,
    slippage: 0,
    funding: 0,
    netPnl: 0,
    netReturn: 0,
    entryReason: '',
    exitReason: '',
  });
  // One at the very midnight that ends 2023, one an hour later.
  const roundTrips = [trip(Date.UTC(2024, 0, 1)), trip(Date.UTC(2024, 0, 1) + HOUR), trip(Date.UTC(2024, 5, 1))];
  const track = { returns, returnTs, periodsPerYear: 365, roundTrips };

  it('put a return into the year in which its day lies, and a trade where it was closed', () => {
    const years = yearFigures(track);
    expect(years.map(({ label, days, trades }) => [label, days, trades])).toEqual([
      ['2023', 365, 1],
      ['2024', 366, 2],
      ['2025', 69, 0],
    ]);
    const first = Array.from(returns.slice(0, 365));
    const mean = first.reduce((a, b) => a + b, 0) / 365;
    const deviation = Math.sqrt(first.reduce((sum, r) => sum + (r - mean) * (r - mean), 0) / 364);
    expect(years[0]!.sharpe).toBeCloseTo((mean / deviation) * Math.sqrt(365), 10);
    expect(years[0]!.totalReturn).toBeCloseTo(first.reduce((growth, r) => growth * (1 + r), 1) - 1, 12);
  });

  it('lose no day and no trade between regimes, and no return either', () => {
    const regimes = regimeFigures(track, { 'A/USDT': market(800, 5) });
    expect(regimes.reduce((sum, { days }) => sum + days, 0)).toBe(n);
    expect(regimes.reduce((sum, { trades }) => sum + trades, 0)).toBe(3);
    const whole = returns.reduce((growth, r) => growth * (1 + r), 1);
    expect(regimes.reduce((growth, { totalReturn }) => growth * (1 + (totalReturn ?? 0)), 1)).toBeCloseTo(whole, 10);
    expect(regimes.at(-1)).toMatchObject({ label: UNKNOWN_REGIME, days: 61 });
  });

  it('give no Sharpe ratio to fewer than sixty days', () => {
    const short = { ...track, returns: returns.slice(0, 365 + 59), returnTs: returnTs.slice(0, 365 + 59) };
    const [, second] = yearFigures(short);
    expect(second).toMatchObject({ label: '2024', days: 59, sharpe: null });
  });
});
