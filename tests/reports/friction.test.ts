import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frictionDocument, frictionReport } from '../../src/reports/friction.js';
import { frictionSurfaceRows } from '../../src/reports/friction-rows.js';
import { breakEvenText, frictionSentence, frictionValue, intervalText } from '../../src/reports/friction-text.js';
import { zeroLine } from '../../src/reports/friction-zero-line.js';
import type { BreakEven } from '../../src/experiments/friction/break-even.js';
import { drawChart } from './draw-chart.js';
import { frictionInput, frictionResult } from './friction-fixture.js';

const one = (change: Partial<BreakEven>): BreakEven => ({
  axis: 'fee',
  measure: 'meanReturn',
  verdict: 'dies',
  at: 1.4321,
  low: 0.8,
  high: 2.2,
  level: 0.95,
  aliveAtBase: 0.9,
  costBps: 9,
  feeBps: 7.1605,
  from: 0,
  to: 4,
  ...change,
});

describe('the zero line of a surface', () => {
  test('of a plane lies on the plane’s own line', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const plane = (x: number, y: number): number => a + b * x + c * y;
        const pieces = zeroLine(5, 4, plane);
        for (const { x0, y0, x1, y1 } of pieces)
          for (const [x, y] of [
            [x0, y0],
            [x1, y1],
          ] as const) {
            expect(Math.abs(plane(x, y))).toBeLessThan(1e-9);
            expect(x >= -1e-9 && x <= 4 + 1e-9 && y >= -1e-9 && y <= 3 + 1e-9).toBe(true);
          }
        const corners = [plane(0, 0), plane(4, 0), plane(0, 3), plane(4, 3)];
        expect(pieces.length > 0).toBe(corners.some(v => v > 0) && corners.some(v => !(v > 0)));
      }),
    );
  });

  test('separates what is above zero from what is not: every grid edge that changes sign is met', () => {
    const grid = fc.array(fc.constantFrom(-2, -1, 1, 2), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(grid, values => {
        const at = (i: number, j: number): number => values[j * 4 + i]!;
        const ends = zeroLine(4, 3, at).flatMap(({ x0, y0, x1, y1 }) => [
          { x: x0, y: y0 },
          { x: x1, y: y1 },
        ]);
        for (let j = 0; j < 3; j++)
          for (let i = 0; i + 1 < 4; i++) {
            const isMet = ends.some(({ x, y }) => y === j && x > i && x < i + 1);
            expect(isMet).toBe(at(i, j) > 0 !== at(i + 1, j) > 0);
          }
      }),
    );
  });

  test('joins opposite corners above zero where the centre is above it too', () => {
    const corners = [
      [2, -1],
      [-1, 2],
    ];
    const pieces = zeroLine(2, 2, (i, j) => corners[j]![i]!);
    // Each corner below zero is cut off alone: the one at the lower right between two thirds of the lower edge and one third of the right one.
    expect(pieces).toHaveLength(2);
    const [first] = pieces;
    expect([first!.x0, first!.y0, first!.x1, first!.y1].map(v => Number(v.toFixed(9)))).toEqual([0.666666667, 0, 1, 0.333333333]);
  });

  test('leaves out squares with an unknown corner', () => {
    expect(zeroLine(2, 2, (i, j) => (i === 1 && j === 1 ? NaN : i - 0.5))).toEqual([]);
  });
});

describe('words about friction', () => {
  test('give values their unit', () => {
    expect(frictionValue('fee', 1.4321)).toBe('× 1.43');
    expect(frictionValue('slippage', 10)).toBe('10 bp');
    expect([0, 100, 2_400, 150_000, 36_000_000].map(ms => frictionValue('latency', ms))).toEqual([
      '0 ms',
      '100 ms',
      '2.4 s',
      '2.5 min',
      '10 h',
    ]);
  });

  test('say where the edge dies, lasts, is gone or begins', () => {
    expect(breakEvenText(one({}), 1)).toBe('dies at fees × 1.43 (7.16 bp a side)');
    expect(breakEvenText(one({ at: 0.5, feeBps: 2.5 }), 1)).toBe('is there only below fees × 0.5 (2.5 bp a side)');
    expect(breakEvenText(one({ axis: 'latency', verdict: 'alive', at: null, to: 10_000 }), 100)).toBe(
      'lasts through all latency up to 10 s',
    );
    expect(breakEvenText(one({ axis: 'slippage', verdict: 'dead', at: null }), 0)).toBe('is gone already without added slippage');
    expect(breakEvenText(one({ axis: 'funding', verdict: 'revives', at: 2 }), 1)).toBe('is there only above funding × 2');
    expect(intervalText(one({}))).toBe('× 0.8 to × 2.2');
    expect(intervalText(one({ low: -Infinity, high: Infinity }))).toBe('below the range to above the range');
    expect(intervalText(one({ low: NaN }))).toBe('too few returns');
  });

  test('are one sentence about the sweep', () => {
    expect(frictionSentence(frictionResult())).toMatch(
      /^As configured it earns .* a year on average\. The edge dies at fees × .*; it dies at .* bp a side/,
    );
    expect(frictionSentence(frictionResult(0, { fee: [0, 1], slippage: [0], latency: [100], funding: [1] }))).toMatch(/did not trade/);
  });
});

describe('the report of a friction sweep', () => {
  const whole = frictionInput();
  const small = { fee: [0, 1, 2], slippage: [0], latency: [100], funding: [1] };
  const inputs = {
    'a whole sweep': whole,
    'a sweep of fees alone': frictionInput(frictionResult(0.0015, small), false),
    'a strategy that never traded': frictionInput(frictionResult(0, { ...small, latency: [0, 100] }), false),
    'a wide grid': frictionInput(
      frictionResult(0.0015, { fee: [0, 1, 2, 3, 4, 5, 6, 7], slippage: [0, 1], latency: [0, 100], funding: [1] }),
    ),
  };

  test.each(Object.entries(inputs))('draws every chart of %s without a warning', async (_, input) => {
    const { sections } = frictionDocument(input);
    const charts = sections.flatMap(({ blocks }) => blocks).filter(block => block.kind === 'chart');
    for (const [i, { spec }] of charts.entries()) {
      // Both schemes over the charts, each chart in one.
      const { svg, said } = await drawChart(spec, i % 2 === 0 ? 'light' : 'dark');
      expect(said).toEqual([]);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(charts.length).toBeGreaterThan(0);
  });

  test('draws a panel for every funding scale, each with the line on which the edge is gone', () => {
    const rows = frictionSurfaceRows(frictionResult(), { x: 'slippage', y: 'latency', panel: 'funding' });
    expect([...new Set(rows.map(({ panel }) => panel))]).toEqual(['Funding × 0', 'Funding × 1', 'Funding × 2']);
    expect(rows.filter(({ kind }) => kind === 'cell')).toHaveLength(3 * 3 * 4);
    expect(rows.filter(({ base }) => base)).toHaveLength(1);
    expect(rows.filter(({ kind }) => kind === 'zero').length).toBeGreaterThan(3);
  });

  test('says on one page where the edge ends, what it carries and how to get it again', () => {
    const html = frictionReport(whole);
    expect(html).toContain('Where the edge ends');
    expect(html).toContain('2,400,000');
    expect(html).toContain('without end');
    expect(html).toContain('quantai friction daily');
    expect(html).toContain('SYNTHETIC');
    expect(html).not.toMatch(/>(NaN|undefined|Infinity)/);
    expect(frictionReport(frictionInput(frictionResult(0, small), false))).toContain('It makes nothing before impact');
  });
});
