import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { liveSoak } from '../../../src/practice/processes/live-soak.js';
import { slopeAnHour } from '../../../src/practice/processes/soak-figures.js';

it('finds the slope of a straight line after the minutes that do not count', () => {
  const samples = [1, 2, 3, 4, 5, 6].map(minutes => ({ minutes, heapMiB: minutes < 3 ? 500 : 20 + 0.1 * minutes, rssMiB: 0, handles: 7 }));
  expect(slopeAnHour(samples, 2, ({ heapMiB }) => heapMiB)).toBeCloseTo(6, 9);
  expect(slopeAnHour(samples, 2, ({ handles }) => handles)).toBe(0);
  expect(slopeAnHour(samples, 4, ({ heapMiB }) => heapMiB)).toBeNaN();
});

it('holds every law after a short soak', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-soak-'));
  const lines: string[] = [];
  try {
    const report = await liveSoak({ seed: 3, minutes: 0.1, venue: 'binance', workspace, speed: 120, say: line => lines.push(line) });
    expect(report.violations).toEqual([]);
    expect(report.unsettled).toBeNull();
    expect(lines.filter(line => line.includes('holds'))).toHaveLength(8);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}, 90_000);
