import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recentWindows } from '../../../src/models/neural/windows.js';
import { plantedRows } from '../../contracts/planted-rows.js';

test('windows are the latest runs of rows of one group, each ending in another row, in the order of those', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 50 }),
      (groups, lookback, most) => {
        const rows = { ...plantedRows({ count: groups.length, width: 1 }), group: Int32Array.from(groups) };
        const expected = groups
          .map((group, i) =>
            groups
              .map((_, k) => k)
              .filter(k => k <= i && groups[k] === group)
              .slice(-lookback),
          )
          .filter(window => window.length === lookback)
          .slice(-most);
        const windows = recentWindows(rows, lookback, most);
        expect(windows.count).toBe(expected.length);
        expect([...windows.rows]).toEqual(expected.flat());
      },
    ),
  );
});
