import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CDPSession, Page } from 'playwright-core';
import { browserBench, HAS_CHROMIUM, until, type BrowserBench } from './browser-bench.js';

const PATHS = ['/', '/market', '/signals', '/orders', '/risk', '/journal', '/research', '/models', '/promotion', '/data', '/settings'];
/** Share of one core that the main thread may take at 20 updates a second. */
const MOST_BUSY = 0.5;

/** How long memory is watched; HEAP_SECONDS=120 for a longer look. */
const HEAP_MS = Number(process.env['HEAP_SECONDS'] ?? 3) * 1000;

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/** Files that are loaded before any chart is: everything but what only the chart libraries are in. */
const beforeCharts = (folder: string): string[] => {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  const files = new Set<string>();
  const take = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined || files.has(chunk.file) || /lightweight-charts|draw-vega/.test(name)) return;
    files.add(chunk.file);
    chunk.css?.forEach(file => files.add(file));
    [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])].forEach(take);
  };
  take('index.html');
  return [...files];
};

describe.skipIf(!HAS_CHROMIUM)('the speed of the pages (skipped where there is no Chromium)', () => {
  let bench: BrowserBench;
  beforeAll(async () => {
    bench = await browserBench(20);
  });
  afterAll(async () => {
    await bench?.close();
  });

  test('scripts and styles of all pages together are under 300 kB gzip before charts', () => {
    const files = beforeCharts(bench.folder);
    expect(files.length).toBeGreaterThan(PATHS.length);
    const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(bench.folder, file))).length, 0);
    expect(size).toBeLessThan(300_000);
    // The figure is of use only if charts are indeed apart.
    const libraries = /tv-lightweight-charts|vega-bindings/;
    expect(files.filter(file => libraries.test(readFileSync(join(bench.folder, file), 'utf8')))).toEqual([]);
    expect(
      readdirSync(join(bench.folder, 'assets')).filter(file => libraries.test(readFileSync(join(bench.folder, 'assets', file), 'utf8'))),
    ).not.toEqual([]);
    if (process.env['SPEED'] !== undefined)
      process.stdout.write(`${(size / 1000).toFixed(0)} kB gzip before charts
`);
  });

  /** Seconds that the main thread has worked: what other processes take of the machine does not count. */
  const cpu = async (client: CDPSession): Promise<number> => {
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
  };
  const watched = async (path: string): Promise<{ readonly page: Page; readonly client: CDPSession }> => {
    const page = await bench.open('/health-of-the-test');
    await page.addInitScript(`window.shifts = []; new PerformanceObserver(list => {
      for (const entry of list.getEntries()) // A new row pushes those below it down: that is news, not a number that ticks. And a text that is set at the right begins elsewhere when it is longer; its box stays.
        if (!entry.hadRecentInput && entry.sources.some(each => each.node?.nodeName !== 'TR' && each.node?.nodeName !== '#text')) window.shifts.push([entry.value, ...entry.sources.map(({ node, previousRect: a, currentRect: b }) => (node?.className || node?.nodeName) + ' "' + (node?.textContent ?? '').slice(0, 40) + '" from ' + [a.x, a.y, a.width, a.height].map(Math.round) + ' to ' + [b.x, b.y, b.width, b.height].map(Math.round))].join('; '));
    }).observe({ type: 'layout-shift', buffered: true });`);
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    await page.goto(`${bench.server.url}${path}`);
    await page.waitForSelector('main .panel, main .tiles');
    await until(page, "document.querySelectorAll('main .loading').length === 0 && document.querySelector('.dot-live') !== null");
    await page.waitForTimeout(700);
    return { page, client };
  };

  test.each(PATHS)('%s keeps the main thread under half a core and nothing moves at 20 updates a second', async path => {
    const { page, client } = await watched(path);
    await page.evaluate('window.shifts.length = 0');
    const [before, from] = [await cpu(client), performance.now()];
    await page.waitForTimeout(2000);
    const busy = ((await cpu(client)) - before) / ((performance.now() - from) / 1000);
    const shifts = await page.evaluate('window.shifts');
    await page.close();
    if (process.env['SPEED'] !== undefined) process.stdout.write(`${path}: ${(busy * 100).toFixed(1)} % of a core\n`);
    expect(shifts).toEqual([]);
    expect(busy).toBeLessThan(MOST_BUSY);
  });

  test('100,000 candles are drawn with less than a second of work', async () => {
    bench.server.switches.rate = 1;
    const { page, client } = await watched('/market');
    const before = await cpu(client);
    await page.getByLabel('How many bars').selectOption('100000');
    await until(page, "document.querySelectorAll('main canvas').length > 0 && document.querySelectorAll('main .loading').length === 0");
    await page.waitForTimeout(1500);
    const work = (await cpu(client)) - before;
    expect(bench.server.wrong).toEqual([]);
    await page.close();
    bench.server.switches.rate = 20;
    if (process.env['SPEED'] !== undefined) process.stdout.write(`100,000 candles: ${(work * 1000).toFixed(0)} ms of the main thread\n`);
    expect(work).toBeLessThan(1);
  });

  test('the overview shows its tiles with less than a second of work, and its memory does not grow while it ticks', async () => {
    const { page, client } = await watched('/');
    const work = await cpu(client);
    const paint = (await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1")) as number;
    bench.server.switches.rate = 60;
    const heap = async (): Promise<number> => {
      await client.send('HeapProfiler.collectGarbage');
      return (await client.send('Runtime.getHeapUsage')).usedSize;
    };
    await page.waitForTimeout(2000);
    const first = await heap();
    await page.waitForTimeout(HEAP_MS);
    const last = await heap();
    bench.server.switches.rate = 20;
    await page.close();
    if (process.env['SPEED'] !== undefined)
      process.stdout.write(
        `paint ${paint.toFixed(0)} ms, work ${(work * 1000).toFixed(0)} ms, heap ${(first / 1e6).toFixed(1)} to ${(last / 1e6).toFixed(1)} MB\n`,
      );
    expect(work).toBeLessThan(1);
    expect(last - first).toBeLessThan(1_500_000);
  });
});
