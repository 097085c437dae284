import { describe, expect, test } from 'vitest';
import { sizeAndPower } from './size-and-power.js';
import type { World } from './size-and-power.js';

const OPTIONS = { strategies: 100, days: 250, resamples: 99, seeds: 20 };
const CORRECTED = [
  'DSR, all trials',
  'DSR, eigenvalues',
  'DSR, clusters',
  'PBO at most 5 %',
  'reality check',
  'SPA, consistent',
  'stepwise',
  'haircut, Bonferroni',
  'haircut, BHY',
];

/** Twenty seeds at 5 %: one is expected, and more than four come once in 400 studies. */
const FEW = 4 / OPTIONS.seeds;

const study = (world: Omit<World, 'name'>) =>
  new Map(sizeAndPower({ name: 'world', ...world }, OPTIONS).map(row => [row.test, row] as const));

describe('the best of a hundred strategies', () => {
  test('on noise looks excellent, and every correction refuses to believe it', () => {
    const rows = study({ variants: 1, edge: 0 });
    expect(rows.get('naive (PSR of the best)')!.believed).toBeGreaterThan(0.9);
    for (const name of CORRECTED) expect([name, rows.get(name)!.believed <= FEW]).toEqual([name, true]);
  });
  test('on noise is not believed either where the strategies are variants of a few ideas', () => {
    const rows = study({ variants: 10, edge: 0 });
    expect(rows.get('naive (PSR of the best)')!.believed).toBeGreaterThan(0.5);
    for (const name of CORRECTED) expect([name, rows.get(name)!.believed <= FEW]).toEqual([name, true]);
  });
  test('is believed where it has a true edge, and is the one that has it', () => {
    const rows = study({ variants: 1, edge: 8 });
    for (const name of CORRECTED) expect([name, rows.get(name)!.right >= 0.9]).toEqual([name, true]);
  });
});
