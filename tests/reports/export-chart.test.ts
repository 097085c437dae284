import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.js';
import { chartIds, chartOf, chartPng, chartSvg } from '../../src/reports/export-chart.js';
import { tearsheetDocument } from '../../src/reports/tearsheet.js';
import { DARK, LIGHT } from '../../src/reports/theme.js';
import { tearsheetInput } from './fixture.js';

const report = tearsheetDocument(tearsheetInput(800));

test('every chart of a report becomes an SVG with its own title', async () => {
  for (const id of chartIds(report)) {
    const svg = await chartSvg(chartOf(report, id));
    expect(svg).toMatch(/^<svg/);
    expect(svg).not.toMatch(/(?:href|src)="http/);
  }
});

test('schemes differ in their ground', async () => {
  const chart = chartOf(report, 'exposure');
  expect(await chartSvg(chart, 'light')).toContain(LIGHT.paper);
  expect(await chartSvg(chart, 'dark')).toContain(DARK.paper);
});

test('a PNG is one, and scale is pixels for a pixel', async () => {
  const size = async (scale: number): Promise<number> => {
    const png = Buffer.from(await chartPng(chartOf(report, 'costs'), { scale }));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    return png.readUInt32BE(16);
  };
  expect(await size(2)).toBe(2 * (await size(1)));
});

test('an exported chart of synthetic data says so', async () => {
  const synthetic = tearsheetDocument({ ...tearsheetInput(800), synthetic: true });
  expect(await chartSvg(chartOf(synthetic, 'exposure'))).toContain('SYNTHETIC DATA');
});

test('an unknown chart is named, with the nearest and all others', () => {
  expect(() => chartOf(report, 'exposur')).toThrow(UserError);
  expect(() => chartOf(report, 'exposur')).toThrow('Did you mean "exposure"?');
});
