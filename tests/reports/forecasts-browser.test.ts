import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/reports/render.js';
import { forecastSections } from '../../src/reports/sections/forecasts.js';
import { forecastRecord } from './forecast-fixture.js';
import type { Browser } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

const RECORDS = {
  'many forecasts': () => forecastRecord(),
  'few forecasts': () => ({ ...forecastRecord({ instants: 30, symbols: 1 }), drifts: [], importances: [] }),
  'no forecast': () => forecastRecord({ instants: 0 }),
};

const folder = mkdtempSync(join(tmpdir(), 'forecasts-'));

describe.skipIf(!existsSync(CHROMIUM))('the sections on forecasts in a browser (skipped where there is no Chromium)', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'] });
  }, 30_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.entries(RECORDS))(
    'draw every chart of %s without a complaint, and fit a phone',
    async (name, record) => {
      const file = join(folder, `${name}.html`);
      const sections = forecastSections(record(), { seed: 1 });
      writeFileSync(file, renderReport({ title: name, subtitle: '', verdict: '', tiles: [], synthetic: true, sections }));
      const page = await browser.newPage({ viewport: { width: 390, height: 900 }, colorScheme: 'dark' });
      const trouble: string[] = [];
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
      });
      page.on('pageerror', error => trouble.push(error.message));
      await page.goto(pathToFileURL(file).href);
      await page.evaluate(`(async () => {
        for (const figure of document.querySelectorAll('figure[data-chart]')) {
          figure.scrollIntoView({ behavior: 'instant', block: 'center' });
          while (!figure.dataset.drawn) await new Promise(done => setTimeout(done, 30));
        }
      })()`);
      expect(await page.locator('figure[data-chart]:not([data-drawn=yes])').count()).toBe(0);
      const over = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.plot svg.marks')].map(svg => svg.getBoundingClientRect().width - svg.closest('.plot').clientWidth)`,
      );
      for (const pixels of over) expect(pixels).toBeLessThanOrEqual(1);
      // Reasons, legends and titles stand inside their picture.
      const cut = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.plot svg.marks text')].filter(text => {
          const own = text.getBoundingClientRect();
          const plot = text.closest('.plot').getBoundingClientRect();
          return own.width > 0 && (own.left < plot.left - 1 || own.right > plot.right + 1);
        }).map(text => text.textContent)`,
      );
      expect(cut).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(trouble).toEqual([]);
      await page.close();
    },
    30_000,
  );
});
