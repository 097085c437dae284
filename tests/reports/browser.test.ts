import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparisonReport } from '../../src/reports/comparison.js';
import { tearsheet } from '../../src/reports/tearsheet.js';
import { DARK, LIGHT } from '../../src/reports/theme.js';
import { walkForwardReport } from '../../src/reports/walk-forward.js';
import { tearsheetInput, walkForwardInput } from './fixture.js';
import type { Browser, Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const compared = () => {
  const { result } = tearsheetInput(2_000);
  const run = { runId: 'r', sample: 'in-sample' as const, outcome: result, params: {}, inputs: [], fingerprint: 'f', synthetic: true };
  return {
    title: 'Two',
    command: 'quantai compare a b',
    runs: [
      { ...run, name: 'a' },
      { ...run, name: 'b' },
    ],
  };
};

const REPORTS = {
  tearsheet: () => tearsheet(tearsheetInput(9_000)),
  empty: () => tearsheet(tearsheetInput(0)),
  'walk-forward': () => walkForwardReport(walkForwardInput()),
  comparison: () => comparisonReport(compared()),
};

const folder = mkdtempSync(join(tmpdir(), 'report-'));

describe.skipIf(!existsSync(CHROMIUM))('a report in a browser (skipped where there is no Chromium)', () => {
  let browser: Browser;
  const trouble: string[] = [];

  beforeAll(async () => {
    for (const [name, html] of Object.entries(REPORTS)) writeFileSync(join(folder, `${name}.html`), html());
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The page with every chart drawn; whatever it complains of or asks for goes into `trouble`. */
  const open = async (name: string, width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> => {
    trouble.length = 0;
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const own = pathToFileURL(join(folder, `${name}.html`)).href;
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
    });
    page.on('pageerror', error => trouble.push(error.message));
    page.on('request', request => {
      if (request.url().split('#')[0] !== own && !request.url().startsWith('data:')) trouble.push(`asked for ${request.url()}`);
    });
    await page.goto(own);
    // Scripts for the page are text: the platform's own code is compiled without a browser's globals.
    // A chart is drawn when it comes into view; on a busy machine that takes its time.
    await page.evaluate(`(async () => {
      for (const figure of document.querySelectorAll('figure[data-chart]')) {
        figure.scrollIntoView({ behavior: 'instant', block: 'center' });
        while (!figure.dataset.drawn) await new Promise(done => setTimeout(done, 30));
      }
      scrollTo({ top: 0, behavior: 'instant' });
    })()`);
    return page;
  };

  test.each(Object.keys(REPORTS))('%s draws every chart without a complaint and asks for nothing', async name => {
    const page = await open(name);
    expect(await page.locator('figure[data-chart]').count()).toBeGreaterThan(0);
    expect(await page.locator('figure[data-chart]:not([data-drawn=yes])').count()).toBe(0);
    expect(await page.locator('figure[data-chart] .plot svg.marks').count()).toBe(await page.locator('figure[data-chart]').count());
    expect(trouble).toEqual([]);
    await page.close();
  });

  test.each(Object.keys(REPORTS))('%s fits a phone without scrolling sideways, and its charts keep their height', async name => {
    const page = await open(name, 390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    const wide = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.plot svg.marks')].map(svg => svg.getBoundingClientRect().width - svg.closest('.plot').clientWidth)`,
    );
    for (const over of wide) expect(over).toBeLessThanOrEqual(1);
    const first = await page.locator('figure[data-chart] .plot svg.marks').first().boundingBox();
    expect(first!.height).toBeGreaterThan(100);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('dark is what the system asks for, and the button changes page and charts', async () => {
    const rgb = (hex: string): string => `rgb(${[1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).join(', ')})`;
    const page = await open('tearsheet', 1440, 'dark');
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const chart = () => page.locator('figure[data-chart] .plot svg.marks').first().innerHTML();
    expect(await ground()).toBe(rgb(DARK.paper));
    expect(await chart()).toContain(DARK.accent);
    await page.locator('button.scheme').click();
    await expect.poll(chart).toContain(LIGHT.accent);
    expect(await ground()).toBe(rgb(LIGHT.paper));
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('a table sorts by value from the keyboard, and a long one turns its pages', async () => {
    const page = await open('tearsheet');
    const column = async (title: string): Promise<string[]> => {
      const heads = await page.locator('#round-trips th').allInnerTexts();
      const k = heads.findIndex(head => head.includes(title));
      return page.locator(`#round-trips tbody td:nth-child(${k + 1})`).allInnerTexts();
    };
    const value = (text: string): number => Number(text.replace(/,/g, '').replace('−', '-'));
    const before = await column('Net PnL');
    const pager = page.locator('.table:has(#round-trips) .pages');
    expect(before).toHaveLength(25);
    await page.locator('#round-trips th button', { hasText: 'Net PnL' }).focus();
    await page.keyboard.press('Enter');
    const down = (await column('Net PnL')).map(value);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    expect(down[0]).toBeGreaterThanOrEqual(Math.max(...before.map(value)));
    expect(await page.locator('#round-trips th[aria-sort=descending]').count()).toBe(1);
    await page.keyboard.press('Enter');
    const up = (await column('Net PnL')).map(value);
    expect(up).toEqual([...up].sort((a, b) => a - b));
    await pager.getByText('Next').click();
    expect(await pager.innerText()).toContain('26–');
    const second = (await column('Net PnL')).map(value);
    expect(second[0]).toBeGreaterThanOrEqual(up[24]!);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('a stretch chosen under the equity narrows the other time charts, and a double click widens them again', async () => {
    const page = await open('tearsheet');
    const labels = (id: string) => page.locator(`figure[data-chart=${id}] .plot svg.marks .role-axis-label`).allTextContents();
    const before = await labels('exposure');
    await page.evaluate(
      "document.querySelector('figure[data-chart=equity-drawdown]').scrollIntoView({ block: 'end', behavior: 'instant' })",
    );
    const box = (await page.locator('figure[data-chart=equity-drawdown] .plot svg.marks').boundingBox())!;
    const strip = box.y + box.height - 40;
    await page.mouse.move(box.x + 300, strip);
    await page.mouse.down();
    await page.mouse.move(box.x + 380, strip, { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => labels('exposure')).not.toEqual(before);
    await page.mouse.dblclick(box.x + 340, strip);
    await expect.poll(() => labels('exposure')).toEqual(before);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('pointing at a chart tells its values', async () => {
    const page = await open('tearsheet');
    const box = (await page.locator('figure[data-chart=equity-drawdown] .plot svg.marks').boundingBox())!;
    await page.mouse.move(box.x + 500, box.y + 250);
    await page.mouse.move(box.x + 504, box.y + 250);
    await expect.poll(() => page.locator('#vg-tooltip-element').innerText()).toMatch(/Time \(UTC\)[\s\S]*Equity, USDT[\s\S]*Drawdown/);
    await page.close();
  });

  test('paper has every chart, light even from a dark screen, though none was scrolled to', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 500 }, colorScheme: 'dark' });
    await page.goto(pathToFileURL(join(folder, 'walk-forward.html')).href);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    const sheets = page.locator('.paper-plot');
    expect(await page.locator('.paper-plot svg').count()).toBe(await sheets.count());
    const inner = await sheets.first().innerHTML();
    expect(inner).toContain(LIGHT.accent);
    expect(inner).not.toContain(DARK.accent);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")).toBe(LIGHT.ink);
    await page.close();
  });
});
