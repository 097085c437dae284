import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserBench, HAS_CHROMIUM, until, type BrowserBench } from './browser-bench.js';

describe.skipIf(!HAS_CHROMIUM)('the dialogs of the pages (skipped where there is no Chromium)', () => {
  let bench: BrowserBench;
  beforeAll(async () => {
    bench = await browserBench();
  });
  afterAll(async () => {
    await bench?.close();
  });
  beforeEach(() => {
    bench.server.switches.slow = 0;
    bench.server.session.command('resume', '');
  });

  /** Commands as they were sent, in order. */
  const commandsOf = (page: Page): unknown[] => {
    const sent: unknown[] = [];
    page.on('request', request => {
      const account = /accounts\/(.+)\/command$/.exec(request.url())?.[1];
      if (account !== undefined) sent.push({ account, ...(request.postDataJSON() as object) });
    });
    return sent;
  };
  /** Holds back the next command; gives how to wait for it. */
  const holdCommand = async (page: Page): Promise<() => Promise<Route>> => {
    const held: Route[] = [];
    await page.route('**/command', route => void held.push(route), { times: 1 });
    return async () => {
      while (held.length === 0) await page.waitForTimeout(20);
      return held[0]!;
    };
  };
  const askHalt = async (page: Page): Promise<void> => {
    await page.locator('.top-bar .halt').click();
    await page.locator('dialog .halt').waitFor();
  };
  const closeDialog = async (page: Page): Promise<void> => {
    await page.keyboard.press('Escape');
    await until(page, "document.querySelector('dialog') === null");
  };

  test('what was chosen for the halt of one account does not come back for the next', async () => {
    const page = await bench.open('/?account=main');
    const sent = commandsOf(page);
    await page.waitForSelector('.pill-ACTIVE');
    await askHalt(page);
    expect(await page.locator('dialog h2').innerText()).toBe('Halt main?');
    await page.getByLabel('Close the 3 open positions at market too').check();
    await page.locator('dialog').getByLabel('Reason').fill('only for main');
    await closeDialog(page);
    await page.getByLabel('Account', { exact: true }).selectOption('paper-b');
    await page.waitForSelector('.pill-off');
    await askHalt(page);
    expect(await page.locator('dialog h2').innerText()).toBe('Halt paper-b?');
    await page.getByLabel('Close the 0 open positions at market too').waitFor();
    expect(await page.getByRole('switch').isChecked()).toBe(false);
    await page.keyboard.press('Enter');
    await page.locator('.toast', { hasText: 'paper-b is halted, through its session.' }).waitFor();
    expect(sent).toEqual([{ account: 'paper-b', command: 'halt', reason: 'Halted in the dashboard', flatten: false }]);
    await page.close();
  });

  test('a halt goes to the account that was asked about, though another is looked at by now', async () => {
    const page = await bench.open('/?account=main');
    const sent = commandsOf(page);
    await page.waitForSelector('.pill-ACTIVE');
    await page.getByLabel('Account', { exact: true }).selectOption('paper-b');
    await page.waitForSelector('.pill-off');
    await askHalt(page);
    // The dialog keeps the mouse from the choice of the account, but not the browser's own way back.
    await page.evaluate("history.replaceState(null, '', '/?account=main'); dispatchEvent(new PopStateEvent('popstate'))");
    await page.waitForSelector('.pill-ACTIVE');
    expect(await page.locator('dialog h2').innerText()).toBe('Halt paper-b?');
    await page.getByLabel('Close all open positions at market too').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.toast', { hasText: 'paper-b is halted' }).waitFor();
    expect(sent).toMatchObject([{ account: 'paper-b' }]);
    await page.close();
  });

  test('a refusal that comes after the dialog was closed is said as an alarm', async () => {
    const page = await bench.open('/?account=main');
    await page.waitForSelector('.pill-ACTIVE');
    await askHalt(page);
    const held = await holdCommand(page);
    await page.keyboard.press('Enter');
    const answer = await held();
    await closeDialog(page);
    await answer.fulfill({ json: { done: false, through: 'session', error: 'The session does not answer.' } });
    const toast = page.locator('.toast-alarm', { hasText: 'The session does not answer.' });
    await toast.waitFor();
    expect(await toast.innerText()).toContain('quantai halt --account main');
    await page.close();
  });

  test('an answer that comes late does not close a dialog that was opened anew', async () => {
    const page = await bench.open('/?account=main');
    await page.waitForSelector('.pill-ACTIVE');
    await askHalt(page);
    const held = await holdCommand(page);
    await page.keyboard.press('Enter');
    const answer = await held();
    await closeDialog(page);
    await askHalt(page);
    // Looked for before it comes: it goes by itself.
    const told = page.locator('.toast', { hasText: 'main is halted, through its session.' }).waitFor();
    await answer.fulfill({ json: { done: true, through: 'session', error: null } });
    await told;
    expect(await page.locator('dialog .halt').innerText()).toBe('Halt now');
    await page.close();
  });

  test('a halt that is pressed many times is sent once', async () => {
    bench.server.switches.slow = 300;
    const page = await bench.open('/?account=main');
    const sent = commandsOf(page);
    await page.waitForSelector('.pill-ACTIVE');
    await askHalt(page);
    await page.evaluate("for (let press = 0; press < 3; press++) document.querySelector('dialog .halt').click()");
    await page.locator('.toast', { hasText: 'through its session' }).waitFor();
    expect(sent).toHaveLength(1);
    await page.close();
  });

  const FORMS: readonly (readonly [string, string, string, (page: Page) => Promise<void>])[] = [
    [
      'a limit',
      '/risk?account=main',
      'PUT /accounts/main/limits',
      async page => {
        await page.getByRole('button', { name: 'Change Gross notional' }).click();
        await page.getByLabel('New value').fill('120%');
        await page.getByLabel('Reason').focus();
      },
    ],
    [
      'synthetic data',
      '/data',
      'POST /jobs',
      async page => {
        await page.getByRole('button', { name: 'Make synthetic data' }).click();
        await page.locator('dialog').getByLabel('Dataset').fill('noise');
        await page.locator('dialog').getByLabel('Bars').fill('500');
      },
    ],
    [
      'a token',
      '/settings?part=access',
      'POST /tokens',
      async page => {
        await page.getByRole('button', { name: 'New token' }).click();
        await page.getByLabel('What is it for?').fill('nightly export');
        await page.getByLabel('Good for').fill('30');
      },
    ],
    [
      'an approval',
      '/promotion',
      'POST /approvals/r-7',
      async page => {
        await page.getByRole('button', { name: 'Approve …' }).click();
        await page
          .getByLabel('The sentence')
          .fill('approve sma-cross on main at practice with 25000 of 50000 USDT, worst-case loss 8750 USDT');
        await page.getByLabel('Passphrase').fill('secret');
      },
    ],
    [
      'a promotion',
      '/promotion',
      'POST /promotions',
      async page => {
        await page.getByRole('button', { name: 'Promote to paper' }).first().click();
        await page.getByLabel('Run that speaks for it').selectOption({ index: 1 });
        await page.locator('dialog').getByLabel('Venue').focus();
      },
    ],
    [
      'a command',
      '/risk?account=main',
      'POST /accounts/main/command',
      async page => {
        await page.getByRole('button', { name: 'Reduce only' }).click();
        await page.locator('dialog').getByLabel('Reason').fill('a look at the fills');
      },
    ],
  ];
  test.each(FORMS)('Enter in a field of the dialog of %s sends it exactly once', async (_, path, request, fill) => {
    const page = await bench.open(path);
    await fill(page);
    bench.server.switches.slow = 300;
    const before = bench.server.asked.length;
    const count = (): number => bench.server.asked.slice(before).filter(each => each === request).length;
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until(page, "document.querySelector('dialog form') === null");
    await page.waitForTimeout(400);
    expect(count()).toBe(1);
    await page.close();
  });

  test('a password that is sent twice by Enter is changed once', async () => {
    const page = await bench.open('/settings?part=access');
    await page.getByLabel('Current password').fill('right password');
    await page.getByLabel('New password').fill('a long password');
    await page.getByLabel('Once more').fill('a long password');
    bench.server.switches.slow = 300;
    const before = bench.server.asked.length;
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('.toast', { hasText: 'The password is set.' }).waitFor();
    await page.waitForTimeout(400);
    expect(bench.server.asked.slice(before).filter(each => each === 'PUT /me/password')).toHaveLength(1);
    await page.close();
  });

  test('a press that began inside a dialog and ends beside it does not close it, one beside it does', async () => {
    const page = await bench.open('/?account=main');
    await page.waitForSelector('.pill-ACTIVE');
    await askHalt(page);
    const box = (await page.locator('dialog').getByLabel('Reason').boundingBox())!;
    await page.mouse.move(box.x + 60, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(20, 400);
    await page.mouse.up();
    expect(await page.locator('dialog[open]').count()).toBe(1);
    await page.mouse.click(20, 400);
    await until(page, "document.querySelector('dialog') === null");
    // Where one was before, one is again.
    await until(page, "document.activeElement.textContent === 'HALT'");
    await page.close();
  });

  test('a list of runs that is refused is not shown as an empty choice', async () => {
    const page = await bench.open('/promotion');
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
    bench.server.switches.errors = true;
    await page.getByRole('button', { name: 'Promote to paper' }).first().click();
    await page.locator('dialog .error-note', { hasText: 'The journal cannot be read.' }).waitFor();
    expect(await page.getByLabel('Run that speaks for it').count()).toBe(0);
    bench.server.switches.errors = false;
    await page.locator('dialog').getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Run that speaks for it').waitFor();
    await page.close();
  });

  test('a filter of the audit log and the way back to its newest records are asked for together', async () => {
    const page = await bench.open('/promotion');
    const asked: string[] = [];
    await page.route('**/audit?*', route => {
      asked.push(new URL(route.request().url()).search);
      const records = Array.from({ length: 200 }, (_, at) => ({
        seq: 400 - at,
        at: 0,
        actor: 'ana',
        type: 'Any',
        text: 'any',
        record: {},
      }));
      return route.fulfill({ json: { records, total: 400 } });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    await page.getByLabel('Who').fill('ana');
    await until(page, "document.querySelector('main').textContent.includes('Newest') === false");
    await page.waitForTimeout(500);
    expect(asked).toEqual(['?limit=200', '?limit=200&before=201', '?limit=200&actor=ana']);
    await page.close();
  });
});
