import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { browserBench, HAS_CHROMIUM, until, type BrowserBench } from './browser-bench.js';

const PATHS = [
  '/',
  '/market',
  '/signals',
  '/orders',
  '/risk',
  '/journal',
  '/research',
  '/queue',
  '/models',
  '/promotion',
  '/data',
  '/settings',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(!HAS_CHROMIUM)('the pages in a browser (skipped where there is no Chromium)', () => {
  let bench: BrowserBench;
  beforeAll(async () => {
    bench = await browserBench();
  });
  afterAll(async () => {
    await bench?.close();
  });
  beforeEach(() => {
    Object.assign(bench.server.switches, {
      empty: false,
      errors: false,
      slow: 0,
      rate: 4,
      down: false,
      anonymous: false,
      roles: ['viewer', 'researcher', 'operator', 'approver'],
    });
    bench.trouble.length = 0;
  });

  /** Until the page of the path has come and nothing on it loads. */
  const settled = async (page: Page): Promise<void> => {
    await page.waitForSelector('main .panel, main .tiles, main .error-note, main .empty-note', { timeout: 15_000 });
    await until(page, "document.querySelectorAll('main .loading').length === 0");
  };

  test.each(PATHS)(
    '%s renders at desktop and phone width, in every state, without a complaint and without a foreign request',
    async path => {
      const page = await bench.open(path);
      await settled(page);
      expect(await page.locator('main .loading').count()).toBe(0);
      for (const state of ['empty', 'errors'] as const) {
        bench.server.switches[state] = true;
        await page.reload();
        await settled(page);
        expect(await page.locator('main').innerText()).not.toBe('');
        expect(await page.locator('.halt').count()).toBeGreaterThan(0);
        bench.server.switches[state] = false;
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.reload();
      await settled(page);
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(wide, `${path} is wider than a phone`).toBeLessThanOrEqual(0);
      expect(await page.locator('.bottom-bar .halt').isVisible()).toBe(true);
      await page.close();
      expect(bench.trouble).toEqual([]);
      expect(bench.server.wrong).toEqual([]);
    },
  );

  test('says of fills and denials that they were refused, not that there are none', async () => {
    bench.server.switches.errors = true;
    const page = await bench.open('/');
    await settled(page);
    const text = await page.locator('main').innerText();
    expect(text).toContain('The journal cannot be read.');
    expect(text).not.toContain('Nothing has been');
    await page.close();
  });

  test('has no serious finding of accessibility, in light and in dark', async () => {
    const page = await bench.open('/');
    const found: string[] = [];
    for (const path of PATHS) {
      await page.goto(`${bench.server.url}${path}`);
      await settled(page);
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // Only colours differ between the two.
        const asked = colorScheme === 'light' ? '{}' : "{ runOnly: ['color-contrast'] }";
        const { violations } = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'], ...${asked} })`)) as {
          violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
        };
        for (const { id, impact, nodes } of violations)
          if (impact === 'serious' || impact === 'critical')
            found.push(
              `${path} ${colorScheme} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(' | ')}`.slice(
                0,
                500,
              ),
            );
      }
      await page.emulateMedia({ colorScheme: 'light' });
    }
    await page.close();
    expect(found).toEqual([]);
  });
});
