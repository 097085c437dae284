import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedHolding } from '../../src/execution/barrier-exit.js';
import { heldBySeries } from './exit-series.js';
import { evenly } from '../arbitraries/evenly.js';

/** A walk of `n` steps on a lattice that the barriers lie on, so that no step oversteps them: expected time held and expected value at the end. */
const onLattice = (drift: number, below: number, above: number, n: number): { held: number; value: number } => {
  const step = 1 / Math.sqrt(n);
  const low = Math.round(below / step);
  const width = low + Math.round(above / step);
  const up = 0.5 * (1 + drift * step);
  let mass = new Float64Array(width + 1);
  mass[low] = 1;
  let held = 0;
  for (let i = 0; i < n; i++) {
    const next = new Float64Array(width + 1);
    next[0] = mass[0]!;
    next[width] = mass[width]!;
    for (let x = 1; x < width; x++) {
      held += mass[x]! / n;
      next[x + 1]! += mass[x]! * up;
      next[x - 1]! += mass[x]! * (1 - up);
    }
    mass = next;
  }
  return { held, value: mass.reduce((sum, m, x) => sum + m * (x - low) * step, 0) };
};

const width = evenly(0.05, 5);
const drifts = evenly(-1.5, 1.5);

describe('the time a trade is expected to be held', () => {
  it('is what the eigenfunction expansion gives, for any drift and barriers', () => {
    fc.assert(
      fc.property(drifts, width, width, (drift, below, above) => {
        expect(expectedHolding(drift, below, above)).toBeCloseTo(heldBySeries(drift, below, above), 5);
      }),
      { numRuns: 150 },
    );
  });

  it('times the drift is what the trade brings: a walk on a lattice agrees', () => {
    for (const [drift, below, above] of [
      [0, 1, 2],
      [0.3, 1.5, 2.5],
      [-0.5, 0.5, 2],
      [1, 2, 0.5],
    ] as const) {
      const { held, value } = onLattice(drift, below, above, 4_900);
      expect(expectedHolding(drift, below, above)).toBeCloseTo(held, 3);
      expect(drift * expectedHolding(drift, below, above)).toBeCloseTo(value, 3);
    }
  });

  it('is the whole horizon between barriers too far to meet, and what the drift leaves of it when nothing else moves', () => {
    expect(expectedHolding(0, 12, 12)).toBeCloseTo(1, 12);
    // With a drift of 50 deviations a barrier 10 away is met after a fifth of the time.
    expect(expectedHolding(50, 5, 10)).toBeCloseTo(0.2, 12);
    expect(expectedHolding(-50, 5, 10)).toBeCloseTo(0.1, 12);
    expect(expectedHolding(9, 1.5, 2.5)).toBeCloseTo(2.5 / 9, 4);
  });

  it('is the product of both distances without drift, when the walk is out long before the horizon (Wald)', () => {
    expect(expectedHolding(0, 0.1, 0.2)).toBeCloseTo(0.02, 12);
    expect(expectedHolding(1e-6, 0.1, 0.2)).toBeCloseTo(0.02, 8);
    // The two formulas meet where one takes over from the other.
    expect(expectedHolding(0.7, 0.2, 0.2999)).toBeCloseTo(heldBySeries(0.7, 0.2, 0.2999), 6);
    expect(expectedHolding(0.7, 0.2, 0.3001)).toBeCloseTo(heldBySeries(0.7, 0.2, 0.3001), 6);
  });

  it('is the same for a fall as for a rise', () => {
    fc.assert(
      fc.property(drifts, width, width, (drift, below, above) => {
        expect(expectedHolding(drift, below, above)).toBeCloseTo(expectedHolding(-drift, above, below), 6);
      }),
      { numRuns: 50 },
    );
  });
});
