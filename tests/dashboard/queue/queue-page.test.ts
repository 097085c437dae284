import { resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueBoard } from '../../../src/dashboard/queue/queue-board.js';
import { queueDesk, type QueueDesk } from '../../../src/dashboard/queue/queue-desk.js';
import { queueHandlers } from '../../../src/dashboard/queue/queue-handlers.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { testServer, type TestServer } from '../server/test-server.js';
import { ARGUMENTS, builtPages, CHROMIUM, HAS_CHROMIUM } from '../web/browser-bench.js';
import { FAILED, fillQueue, PASSWORD, withPassword } from './small-queue.js';

/** Folder for pictures of what is seen; none are taken where it is not named. */
const PICTURES = process.env['PICTURES'];

describe.skipIf(!HAS_CHROMIUM || !HAS.postgres)('the queue in a browser (skipped where there is no Chromium or no PostgreSQL)', () => {
  let service: Service;
  let desk: QueueDesk;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let url: string;
  const pages = HAS_CHROMIUM && HAS.postgres ? builtPages() : null;
  const audited: { actor: string; word: AuditWord }[] = [];
  const trouble: string[] = [];

  beforeAll(async () => {
    [service, browser] = await Promise.all([startPostgres(), chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })]);
    const place = withPassword(await service.fresh());
    await fillQueue(place);
    desk = queueDesk(place);
    const record = (actor: string, word: AuditWord) => Promise.resolve(void audited.push({ actor, word }));
    const handlers = new Proxy(queueHandlers(desk), {
      get: (own, name) => Reflect.get(own, name) ?? (() => Promise.resolve({ accounts: [] })),
    });
    server = await testServer({
      board: queueBoard({ desk, record }),
      handlers: handlers as never,
      about: { workspace: '/home/ana/desk', version: '0.1.0', hasQueue: true },
      webRoot: resolve(pages!.folder),
      port: 0,
    });
    server.people.set('remy', { roles: ['researcher'] });
    url = await server.app.listen({ host: '127.0.0.1', port: 0 });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
    });
    page.on('pageerror', error => trouble.push(error.message));
    page.on('request', request => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) trouble.push(`asked for ${request.url()}`);
    });
    page.on('response', response => {
      void response.text().then(
        text => text.includes(PASSWORD) && trouble.push(`the password is in ${response.url()}`),
        () => undefined,
      );
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await desk?.close();
    await service?.stop();
    pages?.remove();
  });

  const pictured = async (name: string): Promise<void> => {
    if (PICTURES === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(300);
        await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      }
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  it('shows workers, runs and alarms after a login, and every job on the board, where a retry is done and on record', async () => {
    await page.goto(`${url}/queue#once=${await server.identity.makeLink('remy')}`);
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('heading', { name: 'Runs that wait' }).waitFor();
    const words = await page.locator('main').innerText();
    for (const word of ['ada-4711-3f', '9 of 12', 'fold 1, training, configurations 1 to 16', 'PostgreSQL at 127.0.0.1'])
      expect(words).toContain(word);
    // Runs of one strategy differ by the end of their names.
    const name = `${'an-uncommonly-long-name-of-a-strategy-'.repeat(2)}btc-3f9a12cd`;
    await desk.ask(({ records }) => records.enter({ key: 'k2', name, submitter: 'ana@ada', urgency: 'normal', jobs: 3 }));
    const run = page.getByTitle(name);
    await run.waitFor();
    expect(await run.textContent()).toBe(name);
    const edges = (what: string): Promise<number[]> =>
      page.evaluate(
        `(() => { const each = document.querySelector('[title="${name}"]'); const { left, right } = (${what}).getBoundingClientRect(); return [left, right]; })()`,
      );
    for (const width of [1440, 1000]) {
      await page.setViewportSize({ width, height: 900 });
      const [, end = 0] = await edges("each.closest('td')");
      const [from = 0, until = 0] = await edges('each.lastElementChild');
      expect(until).toBeLessThanOrEqual(end);
      expect(until - from).toBeGreaterThan(50);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await pictured('tab');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });

    await page.getByRole('link', { name: 'All jobs' }).click();
    await page.getByText(desk.name).first().waitFor();
    await pictured('board');
    await page.goto(`${url}/queue/board/queue/${encodeURIComponent(desk.name)}?status=failed`);
    await page.getByText('fold 2, training, configurations 17 to 32').first().waitFor();
    await pictured('jobs');
    await page.goto(`${url}/queue/board/queue/${encodeURIComponent(desk.name)}/${FAILED}`);
    await page.getByText('fold 2, training, configurations 17 to 32').first().waitFor();
    await pictured('job');
    await page.goto(`${url}/queue/board/queue/${encodeURIComponent(desk.name)}?status=failed`);
    await page.getByRole('button', { name: 'Retry all' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(() => audited.length).toBe(1);
    await expect.poll(() => desk.ask(({ queue }) => queue.getJobState(FAILED))).toBe('waiting');
    await pictured('retried');
    expect(audited).toMatchObject([{ actor: 'remy', word: { words: ['queue', 'manage', 'retry', 'all', 'failed'] } }]);
    expect(trouble).toEqual([]);
  });

  it('stands in the navigation only where a queue is configured', async () => {
    const link = page.getByRole('navigation').getByRole('link', { name: 'Queue' });
    await page.goto(`${url}/queue`);
    await link.waitFor();
    await page.route('**/api/v1/me', async route => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), hasQueue: false } });
    });
    await page.reload();
    await page.getByRole('navigation').getByRole('link', { name: 'Research' }).waitFor();
    expect(await link.count()).toBe(0);
  });
});
