import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedFraction } from '../../../src/portfolio/sizing/fixed-fraction.js';
import { fractionalKelly } from '../../../src/portfolio/sizing/fractional-kelly.js';
import type { SizingBasis } from '../../../src/portfolio/sizing/sizer.js';
import { sizerNamed } from '../../../src/portfolio/sizing/sizer-named.js';
import { volatilityTarget } from '../../../src/portfolio/sizing/volatility-target.js';
import { evenly } from '../../arbitraries/evenly.js';

const basis = (more: Partial<SizingBasis> = {}): SizingBasis => ({
  confidence: 0.5,
  gain: 1,
  loss: 1,
  mean: 0,
  variance: 1,
  sd: 0.01,
  years: 1,
  ...more,
});

/** Where a function of one variable is largest in [0, to], by thirds. */
const peak = (f: (x: number) => number, to: number): number => {
  let [a, b] = [0, to];
  for (let i = 0; i < 200; i++) {
    const third = (b - a) / 3;
    if (f(a + third) < f(b - third)) a += third;
    else b -= third;
  }
  return (a + b) / 2;
};

describe('fractional Kelly', () => {
  it('bets six hundredths of the purse on a coin of 53 % at even money (Thorp 2006, §1)', () => {
    expect(fractionalKelly({ fraction: 1, law: 'payoff' })(basis({ confidence: 0.53 }))).toBeCloseTo(0.06, 12);
    expect(fractionalKelly({ fraction: 0.25, law: 'payoff' })(basis({ confidence: 0.53 }))).toBeCloseTo(0.015, 12);
  });

  it('holds 2.22 times the purse of stocks at 11 % with 15 % deviation and money at 6 % (Thorp 2006, §7)', () => {
    expect(fractionalKelly({ fraction: 1, law: 'moments' })(basis({ mean: 0.05, variance: 0.15 * 0.15 }))).toBeCloseTo(2.2222, 4);
  });

  it('is the exposure at which the logarithm of equity is expected to grow fastest', () => {
    fc.assert(
      fc.property(evenly(0.2, 0.9), evenly(0.005, 0.3), evenly(0.005, 0.3), (confidence, gain, loss) => {
        const growth = (x: number): number => confidence * Math.log(1 + x * gain) + (1 - confidence) * Math.log(1 - x * loss);
        const best = peak(growth, (1 - 1e-12) / loss);
        const kelly = fractionalKelly({ fraction: 1, law: 'payoff' })(basis({ confidence, gain, loss }));
        if (kelly > 0) expect(kelly).toBeCloseTo(best, 3);
        else expect(best).toBeLessThan(1e-3);
      }),
    );
  });

  it('keeps seven sixteenths of the growth at a quarter of the size', () => {
    const [mean, variance] = [0.002, 0.01];
    const growth = (x: number): number => x * mean - (x * x * variance) / 2;
    const at = (fraction: number): number => growth(fractionalKelly({ fraction, law: 'moments' })(basis({ mean, variance })));
    expect(at(0.25) / at(1)).toBeCloseTo(7 / 16, 12);
  });

  it('bets nothing when costs eat the target, and the lesser of both laws when asked for both', () => {
    const kelly = fractionalKelly({ fraction: 1, law: 'payoff' });
    expect(kelly(basis({ confidence: 1, gain: 0 }))).toBeLessThan(0);
    expect(kelly(basis({ confidence: 1, gain: -0.1 }))).toBeLessThan(0);
    const lesser = fractionalKelly({ fraction: 0.5, law: 'lesser' });
    // Payoff 0.2, moments 0.1 and 0.4.
    expect(lesser(basis({ confidence: 0.6, mean: 0.1 }))).toBeCloseTo(0.05, 12);
    expect(lesser(basis({ confidence: 0.6, mean: 0.4 }))).toBeCloseTo(0.1, 12);
  });
});

describe('the other sizers', () => {
  it('lose the stated share of equity at the stop', () => {
    fc.assert(
      fc.property(evenly(0.001, 0.2), evenly(0.001, 0.5), (risk, loss) => {
        expect(fixedFraction({ risk })(basis({ loss })) * loss).toBeCloseTo(risk, 12);
      }),
    );
  });

  it('swing by the stated share of equity in a year', () => {
    // A deviation of 1 % over a day is 19.1 % over 365 of them: 20 % wants 1.047 of equity.
    expect(volatilityTarget({ perYear: 0.2 })(basis({ sd: 0.01, years: 1 / 365 }))).toBeCloseTo(0.2 / (0.01 * Math.sqrt(365)), 12);
    expect(volatilityTarget({ perYear: 0.2 })(basis({ sd: 0.4, years: 1 }))).toBeCloseTo(0.5, 12);
  });

  it('are found by the name that a configuration gives', () => {
    const at = basis({ confidence: 0.6, mean: 0.1, loss: 0.5, sd: 0.4 });
    expect(sizerNamed({ kind: 'fixed-fraction', risk: 0.01 })(at)).toBe(0.02);
    expect(sizerNamed({ kind: 'volatility-target', perYear: 0.2 })(at)).toBeCloseTo(0.5, 12);
    expect(sizerNamed({ kind: 'fractional-kelly', fraction: 0.5, law: 'moments' })(at)).toBeCloseTo(0.05, 12);
  });
});
