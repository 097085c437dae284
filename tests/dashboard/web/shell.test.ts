import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserBench, HAS_CHROMIUM, until, type BrowserBench } from './browser-bench.js';

describe.skipIf(!HAS_CHROMIUM)('the frame of the pages (skipped where there is no Chromium)', () => {
  let bench: BrowserBench;
  beforeAll(async () => {
    bench = await browserBench(10);
  });
  afterAll(async () => {
    await bench?.close();
  });
  beforeEach(() => {
    Object.assign(bench.server.switches, {
      empty: false,
      errors: false,
      slow: 0,
      rate: 10,
      down: false,
      anonymous: false,
      hasPassword: true,
      still: false,
    });
    Object.assign(bench.server.switches, { roles: ['viewer', 'researcher', 'operator', 'approver'] });
    bench.server.session.command('resume', '');
    bench.trouble.length = 0;
  });

  test('halts by keyboard: Shift+H, Enter, and says through whom', async () => {
    const page = await bench.open('/');
    await page.waitForSelector('.pill-ACTIVE');
    await page.keyboard.press('Shift+H');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.pill-HALTED');
    // The fact may arrive by the stream before the answer to the press: each says so in a toast of its own, in either order.
    await page.locator('.toast', { hasText: 'through its session' }).waitFor();
    expect(bench.server.asked).toContain('POST /accounts/main/command');
    expect(bench.server.session.facts.at(-1)).toMatchObject({
      payload: { command: 'halt', reason: 'Halted in the dashboard' },
    });
    await page.close();
  });

  test('shows a viewer that the halt is not theirs', async () => {
    bench.server.switches.roles = ['viewer'];
    const page = await bench.open('/');
    await page.waitForSelector('.pill-ACTIVE');
    expect(await page.locator('.top-bar .halt').isDisabled()).toBe(true);
    await page.keyboard.press('Shift+H');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.close();
  });

  test('goes between pages by link and key without loading again, keeps the account, and focuses the page', async () => {
    const page = await bench.open('/?account=main');
    await page.waitForSelector('.tiles');
    await page.evaluate('window.mark = 1');
    await page.locator('.rail').getByRole('link', { name: 'Risk' }).click();
    await until(page, `location.pathname === '/risk'`);
    expect(await page.evaluate('location.search')).toBe('?account=main');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await until(page, `location.pathname === '/market'`);
    expect(await page.evaluate('window.mark')).toBe(1);
    await page.goBack();
    await until(page, `location.pathname === '/risk'`);
    await page.close();
  });

  test('a server that is gone and back is found again without reload, and no fact is missing or doubled', async () => {
    const page = await bench.open('/');
    await page.waitForSelector('.dot-live');
    // The browser's own stream is read beside the page's: every position that reached the page is written down.
    await page.evaluate(`(() => {
      window.mark = 1;
      window.positions = [];
      const parse = JSON.parse;
      JSON.parse = (text, reviver) => {
        const value = parse(text, reviver);
        if (value && Array.isArray(value.facts)) window.positions.push(...value.facts.map(fact => fact.position));
        return value;
      };
    })()`);
    const before = bench.server.session.facts.length;
    bench.server.switches.rate = 40;
    await until(page, 'window.positions.length >= 5');
    bench.server.switches.down = true;
    bench.server.cut();
    await page.waitForSelector('.dot-cut');
    for (let at = 0; at < 200; at++) bench.server.session.tick();
    bench.server.switches.down = false;
    await page.waitForSelector('.dot-live', { timeout: 10_000 });
    await until(page, `window.positions.at(-1) > ${bench.server.session.facts.length}`);
    const positions = (await page.evaluate('window.positions')) as number[];
    const first = positions[0]!;
    expect(first).toBeLessThanOrEqual(before + 6);
    expect(positions).toEqual(positions.map((_, at) => first + at));
    expect(await page.evaluate('window.mark')).toBe(1);
    await page.close();
  });

  test('what was to be shown when the stream was cut does not make the stream live again', async () => {
    const page = await bench.open('/journal');
    // In a page that nobody sees a view waits for a second: time enough to cut the stream before it is shown.
    await page.addInitScript(`Object.defineProperty(document, 'hidden', { get: () => true });
      window.states = [];
      new MutationObserver(() => {
        const state = document.querySelector('.connection .dot')?.className;
        if (state !== undefined && state !== window.states.at(-1)) window.states.push(state);
      }).observe(document, { subtree: true, childList: true, attributes: true });`);
    await page.reload();
    await page.waitForSelector('.dot-live');
    await page.waitForSelector('.fact-row:not(.fact-head)');
    await page.waitForTimeout(1500);
    const asked = (): number => bench.server.asked.filter(each => each === 'GET /accounts/main/facts').length;
    const before = asked();
    bench.server.switches.down = true;
    bench.server.cut();
    await page.waitForSelector('.dot-cut');
    await page.evaluate('window.states.length = 0');
    await page.waitForTimeout(2000);
    expect(await page.evaluate('window.states')).toEqual([]);
    expect(await page.locator('.dot-cut').count()).toBe(1);
    // Whoever thinks the server is back asks for what was missed.
    expect(asked()).toBe(before);
    await page.close();
  });

  test('a journal that is cut off before its first fact has no hole afterwards', async () => {
    bench.server.switches.still = true;
    const page = await bench.open('/journal');
    await page.waitForSelector('.dot-live');
    await page.waitForSelector('.fact-row:not(.fact-head)');
    const shown = async (): Promise<number[]> =>
      (await page.locator('.fact-row:not(.fact-head) .fact-position').allInnerTexts()).map(text => Number(text.replaceAll(',', '')));
    const [before = 0] = await shown();
    expect(before).toBe(bench.server.session.facts.length);
    // The browser comes back by itself, with the address that it had.
    bench.server.cut();
    await page.waitForSelector('.dot-cut');
    for (let at = 0; at < 200; at++) bench.server.session.tick();
    const missed = bench.server.session.facts.length;
    expect(missed).toBeGreaterThan(before + 8);
    // As soon as it is back, more happens: what comes last does not say what was missed.
    Object.assign(bench.server.switches, { still: false, rate: 60 });
    await page.waitForSelector('.dot-live', { timeout: 10_000 });
    await until(
      page,
      `Number(document.querySelector('.fact-row:not(.fact-head) .fact-position')?.textContent.replaceAll(',', '')) > ${missed}`,
    );
    await page.waitForTimeout(1000);
    bench.server.switches.still = true;
    const newest = bench.server.session.facts.length;
    await until(
      page,
      `document.querySelector('.fact-row:not(.fact-head) .fact-position')?.textContent.replaceAll(',', '') === '${newest}'`,
    );
    const positions = await shown();
    expect(positions.length).toBeGreaterThan(10);
    expect(positions).toEqual(positions.map((_, at) => newest - at));
    await page.close();
  });

  test('a login that has ended brings the login, and the same page after it', async () => {
    const page = await bench.open('/risk');
    await page.waitForSelector('.pill-ACTIVE');
    bench.server.switches.anonymous = true;
    bench.server.cut();
    await page.waitForSelector('input[type=password]', { timeout: 10_000 });
    await page.getByLabel('Name').fill('ana');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForSelector('.error-note');
    expect(await page.locator('.error-note').innerText()).toContain('Name or password is wrong.');
    await page.getByLabel('Password').fill('right password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.pill-ACTIVE');
    expect(await page.evaluate('location.pathname')).toBe('/risk');
    await page.close();
  });

  test('the one-time link logs in, leaves the address, and offers a first password', async () => {
    bench.server.switches.anonymous = true;
    bench.server.switches.hasPassword = false;
    const page = await bench.open('/login#once=good');
    await page.getByLabel('Password').fill('a long password');
    expect(await page.evaluate('location.hash')).toBe('');
    await page.getByLabel('The same again').fill('a long password');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.waitForSelector('.tiles');
    expect(await page.evaluate('location.pathname')).toBe('/');
    expect(bench.server.asked).toContain('PUT /me/password');
    await page.close();
  });

  test('a spent link says so', async () => {
    bench.server.switches.anonymous = true;
    const page = await bench.open('/login#once=spent');
    await page.waitForSelector('.error-note');
    expect(await page.locator('.error-note').innerText()).toContain('has been used');
    await page.close();
  });

  test('a spent link leads whoever is logged in to the overview', async () => {
    const page = await bench.open('/login#once=spent');
    await page.waitForSelector('.tiles');
    expect(await page.evaluate('location.pathname')).toBe('/');
    await page.close();
  });

  test('cuts neither the title of a page nor the state of its account, however wide the bar is', async () => {
    bench.server.session.command('halt', 'The loss of the day has reached its limit, and nobody has said that it goes on');
    const page = await bench.open('/orders');
    await page.waitForSelector('.pill-HALTED');
    for (const width of [1024, 1100, 1279, 1280, 1366, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      // Words of the state that have no room stand below what the pill shows of it, and none of them on its edge.
      const found = await page.evaluate(`(() => {
        const title = document.querySelector('.top-bar h1');
        const pill = document.querySelector('.top-bar .pill');
        const edge = pill.getBoundingClientRect();
        const lines = [...pill.querySelector('.why').getClientRects()].filter(line => line.top < edge.bottom - 1);
        return {
          cut: title.scrollWidth - title.clientWidth,
          sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          onEdge: lines.some(line => line.right > edge.right || line.bottom > edge.bottom),
        };
      })()`);
      expect(found, `${width} px`).toEqual({ cut: 0, sideways: 0, onEdge: false });
    }
    await page.close();
  });

  test('keeps the theme that was chosen', async () => {
    const page = await bench.open('/');
    await page.waitForSelector('.tiles');
    const paper = (): Promise<unknown> => page.evaluate('getComputedStyle(document.querySelector(".rail")).backgroundColor');
    const light = await paper();
    await page.getByRole('button', { name: /log out/ }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.waitForSelector('.tiles');
    expect(await paper()).toBe(dark);
    await page.close();
  });
});
