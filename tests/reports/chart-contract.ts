import { describe, expect, test } from 'vitest';
import { markSynthetic, SYNTHETIC } from '../../src/reports/charts/synthetic.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import { drawChart } from './draw-chart.js';

const tooltips = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : Object.entries(value).reduce((n, [key, inner]) => n + (key === 'tooltip' && inner !== null ? 1 : 0) + tooltips(inner), 0);

/** What holds for every chart of a report, given by the number of its rows. `subtitle` may be a matcher; `empty` is what a chart says that has nothing to show. */
export const chartContract = (
  charts: Readonly<Record<string, (rows: number) => ChartSpec>>,
  { title, subtitle, empty }: { readonly title: string; readonly subtitle: unknown; readonly empty: RegExp },
) =>
  describe.each(Object.entries(charts))('the chart %s', (_, chart) => {
    test.each([0, 1, 2, 30])('compiles and draws with no warning from %i rows, light and dark', async rows => {
      for (const scheme of ['light', 'dark'] as const) {
        const { svg, said } = await drawChart(chart(rows), scheme);
        expect(said).toEqual([]);
        expect(svg).toContain('<svg');
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      }
    });

    test('has a title, a subtitle, a description and a tooltip', () => {
      for (const rows of [0, 30]) {
        const spec = chart(rows);
        expect(spec.title).toMatchObject({ text: title, subtitle });
        expect(spec.description).toContain(title);
        expect(tooltips(spec)).toBeGreaterThan(0);
      }
    });

    test('names no colour: the theme gives every one', () => {
      expect(JSON.stringify(chart(30))).not.toMatch(/#[0-9a-f]{3,8}"|rgb\(/i);
    });

    test('says so, in its own words, when there is nothing to show', async () => {
      const { svg } = await drawChart(chart(0), 'light');
      expect(svg).toMatch(empty);
    });

    test('carries the label of synthetic data inside the picture', async () => {
      const { svg, said } = await drawChart(markSynthetic(chart(30)), 'light');
      expect(said).toEqual([]);
      expect(svg).toContain(SYNTHETIC);
    });
  });
