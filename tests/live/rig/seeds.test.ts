import { expect, it } from 'vitest';
import { simulate } from '../../../src/practice/rig/simulate.js';
import { playSeeds } from './play-seeds.js';

playSeeds(0, 2);

it('a random world is the same each time', { timeout: 60_000 }, async () => {
  const first = await simulate(3, { activeMs: 30_000, traced: 10_000 });
  const second = await simulate(3, { activeMs: 30_000, traced: 10_000 });
  expect(second.trace).toEqual(first.trace);
  expect(second.counters).toEqual(first.counters);
});

it(
  'a fill that was told before its process died at the start is not lost behind the comparison that found it',
  { timeout: 60_000 },
  async () => {
    const { violations, failures } = await simulate(61_008_756, { activeMs: 60_000 });
    expect([violations, failures]).toEqual([[], []]);
  },
);
