import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { almgrenChriss } from '../../src/costs/almgren-chriss.js';
import { capacity, type CapacityOptions } from '../../src/costs/capacity.js';
import { random } from '../../src/random.js';

const TRADES = [
  { notional: 40_000, share: 0.0004, sigma: 0.01 },
  { notional: 90_000, share: 0.0025, sigma: 0.02 },
];
const base: CapacityOptions = { capital: 100_000, edge: 700, trades: TRADES, impact: { coefficient: 0.5, exponent: 0.5 }, seed: 1 };

describe('capacity', () => {
  it('by the square-root law is the capital times (edge ÷ twice the impact)²', () => {
    // By hand: 40,000 × 0.5 × 0.01 × 0.02 + 90,000 × 0.5 × 0.02 × 0.05 = 4 + 45.
    const found = capacity(base);
    expect(found.capital).toBeCloseTo(100_000 * (700 / 98) * (700 / 98), 4);
    expect(found.eatenNow).toBeCloseTo(49 / 700, 12);
    expect([found.low, found.high]).toEqual([found.capital, found.capital]);
    expect(found.known).toBe(1);
  });

  it('is where impact, charged fill by fill at that size, is the stated part of what the edge has become', () => {
    const positive = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, positive, fc.boolean(), (coefficient, exponent, gamma, eaten, permanent) => {
        const impact = { coefficient, exponent, permanent: permanent ? gamma : 0 };
        const { capital } = capacity({ ...base, edge: 5, impact, eaten, samples: 1 });
        const m = capital / 100_000;
        const model = almgrenChriss({ spreadBps: 0, temporary: coefficient, exponent, permanent: impact.permanent });
        // A bar whose range has that σ, and a volume so that the order has that share of it.
        const paid = TRADES.reduce((sum, { notional, share, sigma }) => {
          const high = Math.exp(sigma * Math.sqrt(4 * Math.LN2));
          return sum + m * notional * model({ price: 1, quantity: m * share, high, low: 1, volume: 1 });
        }, 0);
        if (m * 0.0025 < 1) expect(paid / (m * 5)).toBeCloseTo(eaten, 6);
      }),
    );
  });

  it('is nothing without an edge and without bound without impact', () => {
    expect(capacity({ ...base, edge: 0 })).toMatchObject({ capital: 0, low: 0, high: 0, eatenNow: Infinity });
    expect(capacity({ ...base, edge: -3 }).capital).toBe(0);
    expect(capacity({ ...base, impact: { coefficient: 0, exponent: 0.5 } })).toMatchObject({
      capital: Infinity,
      low: Infinity,
      high: Infinity,
    });
  });

  it('charges trades whose volume is not known like the average of the others, and says how much that is', () => {
    const halved = capacity({ ...base, trades: [...TRADES, { notional: 130_000, share: NaN, sigma: 0.01 }] });
    expect(halved.known).toBeCloseTo(0.5, 12);
    expect(halved.eatenNow).toBeCloseTo((2 * 49) / 700, 12);
    expect(() => capacity({ ...base, trades: [{ notional: 1, share: NaN, sigma: 0.01 }] })).toThrow(/known volume/);
  });

  it('has an interval that holds the true capacity as often as it says, when law and edge are estimates', () => {
    const truth = capacity(base).capital;
    const draw = random('coverage');
    let held = 0;
    const runs = 300;
    const uncertainty = { coefficient: 0.05, exponent: 0.02, correlation: 0.9, edge: 60 };
    for (let s = 0; s < runs; s++) {
      const [a, b, c] = [draw.normal(), draw.normal(), draw.normal()];
      const estimated = {
        coefficient: 0.5 + 0.05 * a,
        exponent: 0.5 + 0.02 * (0.9 * a + Math.sqrt(1 - 0.81) * b),
      };
      const { low, high } = capacity({ ...base, edge: 700 + 60 * c, impact: estimated, uncertainty, seed: s, samples: 400 });
      if (low <= truth && truth <= high) held++;
    }
    // 95 % of 300 with four standard deviations of room.
    expect(held).toBeGreaterThan(270);
    expect(held).toBeLessThan(300);
  });

  it.each([1, -1, 0, 0.9])(
    'has an interval as wide as the errors of the law make it by the delta method, with correlation %s',
    correlation => {
      const [share, coefficient, exponent, edge] = [0.001, 0.5, 0.5, 700];
      const errors = { coefficient: 0.01, exponent: 0.004 };
      const trades = [{ notional: 100_000, share, sigma: 0.01 }];
      const { low, high } = capacity({ ...base, edge, trades, uncertainty: { ...errors, correlation }, samples: 4000 });
      // log m = (log E − log 2 − log notional σ − log c − β log share) ÷ β
      const logM = (Math.log(edge / (2 * 100_000 * 0.01 * coefficient)) - exponent * Math.log(share)) / exponent;
      const byCoefficient = (-1 / (coefficient * exponent)) * errors.coefficient;
      const byExponent = (-(Math.log(share) + logM) / exponent) * errors.exponent;
      const variance = byCoefficient * byCoefficient + byExponent * byExponent + 2 * correlation * byCoefficient * byExponent;
      expect(Math.log(high / low) / (2 * 1.959964 * Math.sqrt(variance))).toBeCloseTo(1, 1);
    },
  );

  it('depends on nothing but its options', () => {
    const options = { ...base, uncertainty: { coefficient: 0.1, edge: 100 } };
    expect(capacity(options)).toEqual(capacity(options));
    expect(capacity({ ...options, seed: 2 }).low).not.toBe(capacity(options).low);
  });

  it('refuses what is no capital, no law and no part', () => {
    expect(() => capacity({ ...base, capital: 0 })).toThrow(/capital above zero/);
    expect(() => capacity({ ...base, edge: NaN })).toThrow(/edge/);
    expect(() => capacity({ ...base, impact: { coefficient: 1, exponent: 0 } })).toThrow(/exponent above zero/);
    expect(() => capacity({ ...base, eaten: 0 })).toThrow(/part of the edge/);
  });
});
