import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { browserBench, HAS_CHROMIUM, until, type BrowserBench } from './browser-bench.js';

describe.skipIf(!HAS_CHROMIUM)('pages whose server is slow or refuses (skipped where there is no Chromium)', () => {
  let bench: BrowserBench;
  beforeAll(async () => {
    bench = await browserBench(4);
    // More decisions than a page holds, and more facts than the journal asks for at once.
    for (let at = 0; at < 4000; at++) bench.server.session.tick();
  });
  afterAll(async () => {
    await bench?.close();
  });
  beforeEach(() => {
    Object.assign(bench.server.switches, { errors: false, slow: 0, rate: 4, still: false, down: false });
  });

  test.each([
    { path: '/journal?show=log', caption: 'Lines of the session log, newest first' },
    { path: '/orders?list=fills', caption: 'Fills, newest first' },
  ])('an answer that takes longer than the time until it is asked for again does arrive ($path)', async ({ path, caption }) => {
    // A log is asked for every two seconds, and fills whenever there is one more: at this rate every second.
    Object.assign(bench.server.switches, { slow: 2500, rate: 40 });
    const page = await bench.open(path);
    await page.getByRole('group', { name: caption }).locator('tr[data-row]').first().waitFor({ timeout: 20_000 });
    await page.close();
  });

  test.each([
    { path: '/signals', label: 'Kind of decision', row: 'table tr[data-row]' },
    { path: '/journal', label: 'Type', row: '.fact-row:not(.fact-head)' },
  ])('a refusal of older rows that comes when another list is shown is not said of that one ($path)', async ({ path, label, row }) => {
    bench.server.switches.still = true;
    const page = await bench.open(path);
    await page.waitForSelector('.dot-live');
    await page.locator(row).first().waitFor();
    if (path === '/journal') await page.locator('.fact-list').evaluate(list => list.scrollTo(0, list.scrollHeight));
    Object.assign(bench.server.switches, { slow: 2000, errors: true });
    await page.getByRole('button', { name: 'Older', exact: true }).click();
    await page.waitForTimeout(300);
    Object.assign(bench.server.switches, { slow: 0, errors: false });
    const select = page.getByLabel(label);
    await select.selectOption({ index: 1 });
    await until(page, "document.querySelectorAll('main .loading').length === 0");
    bench.server.switches.errors = true;
    await page.waitForTimeout(2500);
    expect(await page.locator('main .error-note').count()).toBe(0);
    await page.close();
  });

  const refuse = (page: Page, endpoint: string) =>
    page.route(`**/api/v1${endpoint}`, route =>
      route.fulfill({ status: 500, json: { error: { code: 'failed', message: 'The journal cannot be read.', fix: null } } }),
    );
  /** A page one of whose endpoints refuses. */
  const refusing = async (path: string, endpoint: string): Promise<Page> => {
    const page = await bench.open('/settings');
    await refuse(page, endpoint);
    await page.goto(`${bench.server.url}${path}`);
    return page;
  };

  test.each([
    { path: '/market', endpoint: '/accounts/main/forecasts', says: 'What the models expect is not shown: The journal cannot be read.' },
    { path: '/models', endpoint: '/jobs', says: 'The journal cannot be read.' },
  ])('says that $endpoint is refused, and leaves nothing out without a word', async ({ path, endpoint, says }) => {
    // The stream tells of jobs too, as soon as it speaks.
    bench.server.switches.down = endpoint === '/jobs';
    const page = await refusing(path, endpoint);
    await page.locator('main .error-note').filter({ hasText: says }).first().waitFor();
    await page.close();
  });

  test('does not say that an account has no limits where the server refuses to tell them', async () => {
    // Nobody but that endpoint knows them: the stream is silent, and the account has none in force that it measures.
    bench.server.switches.down = true;
    const page = await bench.open('/settings');
    await page.route('**/api/v1/accounts/main', async route => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), limits: [] } });
    });
    await refuse(page, '/accounts/main/limits');
    await page.goto(`${bench.server.url}/risk?account=main`);
    await page.locator('main .error-note').first().waitFor();
    expect(await page.locator('main').innerText()).not.toContain('No limits are known yet');
    await page.close();
  });

  test('shows no steps of the ramp while nobody knows them', async () => {
    const page = await refusing('/promotion', '/settings');
    await page.locator('[title="The steps of the ramp are not known."]').first().waitFor();
    expect(await page.locator('.ramp').count()).toBe(0);
    await page.close();
  });
});
