import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionEquity } from '../../src/commands/session-equity.js';
import { thinned } from '../../src/dashboard/accounts/equity-points.js';
import { equityFiles, readEquity } from '../../src/live/record/equity-file.js';
import type { SessionFigures } from '../../src/live/session/session-meter.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'equity-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const DAY = 86_400_000;
const HOUR = 3_600_000;
const figures = (ts: number, equity: number): SessionFigures => ({
  ts,
  equity,
  today: 0,
  exposure: 0.5,
  gross: 0.5,
  drawdown: 0,
  strategies: [{ name: 'one', equity, cash: equity, unrealised: 0, profit: equity - 100, today: 0 }],
  positions: [],
});
const points = async () => readEquity(await Promise.all(equityFiles(folder).map(path => readFile(path, 'utf8').catch(() => ''))));

describe('the equity that a session writes down', () => {
  it('goes on after a restart, keeps each moment once, and knows what the day began with', async () => {
    const first = sessionEquity(folder);
    for (let i = 0; i < 48; i++) first.add(figures(i * HOUR, 100 + i));
    first.add(figures(47 * HOUR, 7));
    first.add(figures(48 * HOUR, NaN));
    await first.close();
    const second = sessionEquity(folder);
    expect(second.profitBefore('one', 47.5 * HOUR)).toBe(24);
    expect(second.profitBefore('one', 3 * DAY)).toBe(47);
    expect(second.profitBefore('two', 3 * DAY)).toBeNull();
    expect(second.profitBefore('one', -1)).toBeNull();
    second.add(figures(48 * HOUR, 200));
    await second.close();
    const found = await points();
    expect(found.map(({ ts, equity }) => [ts, equity])).toEqual([
      ...Array.from({ length: 48 }, (_, i) => [i * HOUR, 100 + i]),
      [48 * HOUR, 200],
    ]);
  });

  it('stays bounded over weeks of minutes, and keeps an hourly point of all of them', async () => {
    const maxBytes = 1 << 20;
    const record = sessionEquity(folder, { maxBytes });
    const minutes = 30 * 24 * 60;
    for (let i = 0; i < minutes; i++) {
      record.add(figures(i * 60_000, 10_000.123456789 + i));
      // A disk is given time, as the weeks would.
      if (i % 4_000 === 0) await new Promise(resolve => setTimeout(resolve, 1));
    }
    await record.close();
    const written = minutes * JSON.stringify({ ...figures(1e12, 10_000.123456789), positions: undefined }).length;
    const sizes = await Promise.all((await readdir(folder)).map(async name => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 * maxBytes + written / 30);
    const found = await points();
    const hours = new Set(found.map(({ ts }) => Math.floor(ts / HOUR)));
    expect(hours.size).toBe(30 * 24);
    expect(found.at(-1)?.ts).toBe((minutes - 1) * 60_000);
  });

  it('is thinned without losing a fall or the end', () => {
    const all = Array.from({ length: 5_000 }, (_, i) => ({
      ts: i,
      equity: i === 3_333 ? -9 : 100 + (i % 7),
      exposure: null,
      gross: null,
      strategies: {},
    }));
    const few = thinned(all, 200);
    expect(few.length).toBeLessThanOrEqual(200);
    expect(few.some(({ equity }) => equity === -9)).toBe(true);
    expect(few.at(-1)).toBe(all.at(-1));
    expect(few.map(({ ts }) => ts)).toEqual(few.map(({ ts }) => ts).toSorted((a, b) => a - b));
    expect(thinned(all.slice(0, 100), 200)).toHaveLength(100);
  });
});
