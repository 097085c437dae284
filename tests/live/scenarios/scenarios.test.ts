import { describe, expect, it } from 'vitest';
import { play } from '../../../src/practice/rig/play.js';
import { SCENARIOS } from '../../../src/practice/rig/scenario-table.js';
import { playTable } from './play-table.js';

playTable([1, 2, 3], (_, place) => place % 2 === 0);

describe('the table of scenarios', () => {
  it('has one for every row', () => {
    const rows = new Set(SCENARIOS.map(({ number }) => number));
    expect(Array.from({ length: 25 }, (_, i) => i + 1).filter(row => !rows.has(row))).toEqual([]);
  });

  it('plays one the same each time', { timeout: 60_000 }, async () => {
    const [one] = SCENARIOS;
    if (one === undefined) throw new Error('no scenarios');
    const first = await play(one, { activeMs: 60_000, traced: 10_000 });
    const second = await play(one, { activeMs: 60_000, traced: 10_000 });
    expect(second.trace).toEqual(first.trace);
    expect(second.counters).toEqual(first.counters);
  });
});
