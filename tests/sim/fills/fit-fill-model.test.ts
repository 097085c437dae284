import { describe, expect, it } from 'vitest';
import { capacity } from '../../../src/costs/capacity.js';
import { fittedImpact } from '../../../src/costs/fitted-impact.js';
import { fitFillModel } from '../../../src/sim/fills/fit-fill-model.js';
import type { FillObservation } from '../../../src/sim/fills/fill-observation.js';
import { plantedFills, type Planted } from './planted-fills.js';

const PLAN: Planted = { seed: 'a', n: 2500, spreadBps: 4, coefficient: 0.8, exponent: 0.5, noise: 0.05 };
const fit = (observations: readonly FillObservation[], samples = 60) => fitFillModel(observations, { source: 'planted', seed: 7, samples });

const within = (value: number, truth: number, tolerance: number): void => {
  expect(Math.abs(value / truth - 1)).toBeLessThan(tolerance);
};

describe('a fill model', () => {
  it.each([
    ['square-root impact', PLAN],
    ['square-root impact, other draws', { ...PLAN, seed: 'b' }],
    ['square-root impact, others again', { ...PLAN, seed: 'c' }],
    ['impact with the exponent of Almgren et al.', { ...PLAN, exponent: 0.6, coefficient: 0.5 }],
    ['one fill in twenty far off', { ...PLAN, outliers: 0.05 }],
    ['spreads that were observed', { ...PLAN, observedSpread: true }],
  ])('fitted to %s finds spread, coefficient and exponent within 10 %%', (_, plan) => {
    const { parameters, n } = fit(plantedFills(plan));
    expect(n).toBe(plan.n);
    within(parameters.spreadBps.value, plan.spreadBps, 0.1);
    within(parameters.coefficient.value, plan.coefficient, 0.1);
    within(parameters.exponent.value, plan.exponent, 0.1);
  });

  it('predicts held-out fills better than fixed basis points and those better than nothing, and its error is that of the noise', () => {
    const { heldOut, warnings } = fit(plantedFills(PLAN));
    expect(heldOut.n).toBe(750);
    expect(heldOut.rmseBps).toBeLessThan(0.6 * heldOut.fixedBpsRmse);
    expect(heldOut.fixedBpsRmse).toBeLessThan(heldOut.noneRmse);
    // Noise is 0.05 σ with σ log-normal about 20 bp: its root mean square is 20 exp(0.6²) × 0.05 bp.
    within(heldOut.rmseBps, 20 * Math.exp(0.36) * 0.05, 0.15);
    expect(heldOut.skill.low).toBeGreaterThan(0.5);
    expect(warnings).toEqual([]);
  });

  it('has intervals and standard errors that hold what was planted as often as they say', () => {
    let [held, near] = [0, 0];
    const runs = 30;
    for (let s = 0; s < runs; s++) {
      const { exponent } = fit(plantedFills({ ...PLAN, seed: `cover/${s}`, n: 200 }), 60).parameters;
      if (exponent.low <= 0.5 && 0.5 <= exponent.high) held++;
      if (Math.abs(exponent.value - 0.5) < 1.96 * (exponent.error ?? 0)) near++;
    }
    // Under a true level of 95 %, fewer than 24 of 30 would be a chance below one in a thousand.
    expect(held).toBeGreaterThanOrEqual(24);
    expect(near).toBeGreaterThanOrEqual(24);
  });

  it('judges only by later fills: what changes after the split changes the error, not the earlier parameters', () => {
    const fills = plantedFills({ ...PLAN, n: 400 });
    const changed = fills.map((fill, i) => (i < 280 ? fill : { ...fill, price: fill.arrival * (1 + 0.01 * fill.side) }));
    const [before, after] = [fit(fills, 20), fit(changed, 20)];
    expect(after.heldOut.fitted).toEqual(before.heldOut.fitted);
    expect(after.heldOut.fixedBps).toBe(before.heldOut.fixedBps);
    expect(after.heldOut.rmseBps).toBeGreaterThan(before.heldOut.rmseBps);
  });

  it('does not depend on the order of the rows', () => {
    const fills = plantedFills({ ...PLAN, n: 200 });
    expect(fit([...fills].reverse(), 20)).toEqual(fit(fills, 20));
  });

  it('warns when it does not beat fixed basis points, or when that could be chance', () => {
    const flat = plantedFills({ ...PLAN, n: 400, coefficient: 0 });
    expect(fit(flat).warnings.join(' ')).toMatch(/does not beat fixed basis points|could be chance/);
  });

  it('says that there is no impact where larger orders pay less', () => {
    const { parameters, warnings } = fit(plantedFills({ ...PLAN, n: 400, coefficient: -0.4, spreadBps: 50 }));
    expect(parameters.coefficient.value).toBe(0);
    expect(parameters.coefficient.error).toBeNull();
    expect(warnings.join(' ')).toMatch(/No impact is seen/);
  });

  it('names row and reason of a fill that could not have happened', () => {
    const fills = plantedFills({ ...PLAN, n: 60 });
    const spoiled = (change: Partial<FillObservation>) => () => fit(fills.map((fill, i) => (i === 4 ? { ...fill, ...change } : fill)));
    expect(spoiled({ quantity: -1 })).toThrow(/Row 5 of planted has a quantity of -1/);
    expect(spoiled({ price: NaN })).toThrow(/Row 5 of planted has a price of NaN/);
    expect(spoiled({ arrival: 0 })).toThrow(/Row 5 of planted has an arrival price of 0/);
    expect(spoiled({ spread: -1 })).toThrow(/Row 5 of planted .*crossed/);
    expect(spoiled({ sigma: Infinity })).toThrow(/Row 5 of planted has a sigma/);
    expect(() => fit(fills.slice(0, 49))).toThrow(/49 fills; a fit needs 50/);
  });
});

describe('a fitted model in use', () => {
  it('charges a fill what its law says of the bar it trades in', () => {
    const sigma = Math.sqrt((Math.log(220 / 200) * Math.log(220 / 200)) / (4 * Math.LN2));
    const model = fittedImpact({ spreadBps: 10, coefficient: 0.8, exponent: 0.75 });
    expect(model({ price: 200, quantity: 5, high: 220, low: 200, volume: 20 })).toBeCloseTo(
      200 * (0.0005 + 0.8 * sigma * Math.sqrt(0.25) * Math.sqrt(Math.sqrt(0.25))),
      10,
    );
  });

  it('gives a capacity within 20 % of that of the planted law, with an interval that holds it', () => {
    const { parameters, correlation } = fit(plantedFills(PLAN));
    const trades = Array.from({ length: 100 }, (_, i) => ({
      notional: 10_000 + 100 * i,
      share: 1e-4 * (1 + i),
      sigma: 0.002 + 0.00002 * i,
    }));
    const edge = 800;
    const { coefficient, exponent } = parameters;
    const found = capacity({
      capital: 50_000,
      edge,
      trades,
      impact: { coefficient: coefficient.value, exponent: exponent.value },
      uncertainty: { coefficient: coefficient.error ?? 0, exponent: exponent.error ?? 0, correlation: correlation ?? 0 },
      seed: 1,
    });
    const k = trades.reduce((sum, { notional, share, sigma }) => sum + notional * 0.8 * sigma * Math.sqrt(share), 0);
    const analytic = 50_000 * (edge / (2 * k)) * (edge / (2 * k));
    within(found.capital, analytic, 0.2);
    expect(found.low).toBeLessThan(analytic);
    expect(found.high).toBeGreaterThan(analytic);
  });
});
