import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { fixedHorizon } from '../../../src/models/labels/fixed-horizon.js';
import { metaLabel } from '../../../src/models/labels/meta-label.js';
import { sideColumn, type PrimarySide } from '../../../src/models/labels/primary-side.js';
import { tripleBarrier } from '../../../src/models/labels/triple-barrier.js';
import { closes, HOUR, labelsOf, walk } from './bar-paths.js';

const column = (...side: number[]) =>
  sideColumn(
    'given',
    Float64Array.from(side, (_, i) => (i + 1) * HOUR),
    side,
  );
const label = fixedHorizon({ horizon: 1, band: { kind: 'fraction', value: 0.1 } });

describe('a meta-label', () => {
  test('is up where the side paid, down where it did not, flat where there was none; the outcome is the return of having acted', () => {
    const bars = closes(100, 150, 75, 150, 75, 75, 150, 75);
    const { matured, open } = labelsOf(metaLabel({ primary: column(1, -1, -1, 1, 1, 0, 0, 1), label }), bars);
    expect(matured.map(m => [m.label, m.outcome])).toEqual([
      [2, 0.5],
      [2, 0.5],
      [0, -1],
      [0, -0.5],
      // Inside the band the costs are not earned.
      [0, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(open).toBe(1);
  });
  test('remembers the side of the bar decided at, over any horizon', () => {
    const bars = walk('sides', 300, { hole: 40 });
    const rising: PrimarySide = {
      key: 'rising',
      create: () => b => (b.close > b.open ? 1 : -1),
    };
    const inner = tripleBarrier({ horizon: 7, takeProfit: 1, stopLoss: 1 });
    const meta = labelsOf(metaLabel({ primary: rising, label: inner }), bars).matured;
    const plain = labelsOf(inner, bars).matured;
    expect(plain.length).toBeGreaterThan(100);
    expect(meta).toEqual(
      plain.map(m => {
        const side = bars[m.row]!.close > bars[m.row]!.open ? 1 : -1;
        return { ...m, label: m.label === 1 + side ? 2 : 0, outcome: side * m.outcome };
      }),
    );
  });
  test('is named for rule and label, and has the horizon of the label', () => {
    const meta = metaLabel({ primary: column(1), label });
    expect(meta.key).toBe('meta-label(given,fixed-horizon(1,band=0.1))');
    expect(meta.horizon).toBe(1);
  });
});

describe('a column of sides', () => {
  test('has no side where no time is given', () => {
    const sideOf = sideColumn('x', Float64Array.of(2 * HOUR, 4 * HOUR), [1, -1]).create();
    expect(closes(1, 1, 1, 1, 1).map(sideOf)).toEqual([0, 1, 0, -1, 0]);
  });
  test('refuses columns that do not fit, do not ascend or hold no side', () => {
    for (const [ts, side] of [
      [[1, 2], [1]],
      [
        [2, 2],
        [1, 1],
      ],
      [
        [1, NaN],
        [1, 1],
      ],
      [[1], [0.5]],
    ] as const)
      expect(() => sideColumn('x', Float64Array.from(ts), side)).toThrow(UserError);
  });
});
