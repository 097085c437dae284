import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killCycles } from '../../../src/practice/processes/kill-cycles.js';
import { NOT_KILLED } from '../../../src/practice/processes/kill-lane.js';

/** Some lives are stopped in order instead, so that a clean end is among what a start follows: three in four at least are killed. */
const CYCLES = Number(process.env['KILL_CYCLES'] ?? 48);

it(`survives ${CYCLES} lives that mostly end by kill -9: no order twice, no fill lost, and books equal to the exchange's`, async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-kills-'));
  try {
    const report = await killCycles({ seed: 7, cycles: CYCLES, lanes: 3, workspace, cli: 'dist/cli.js', untilMs: 400_000 });
    const points = Object.keys(report.points).filter(name => !NOT_KILLED.has(name));
    process.stderr.write(`${report.kills} kills, ${points.length} distinct kill points: ${JSON.stringify(report.points)}\n`);
    expect(report.violations).toEqual([]);
    // Fewer would have been cut off by the time, and are no proof.
    expect(report.kills).toBeGreaterThanOrEqual(0.75 * CYCLES);
    expect(points.length).toBeGreaterThan(Math.min(8, report.kills / 4));
    expect(report.executions).toBeGreaterThan(0);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}, 500_000);
