import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HAS_CHROMIUM, until } from '../web/browser-bench.js';
import { PAGE_FIGURES, saysTheSame } from './page-figures.js';
import { eventually, tradingDesk, type TradingDesk } from './trading-desk.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Three halts, killed servers and every button take minutes on two cores. */
const WHOLE = process.env['DESK'] === 'whole';
const PATHS = ['/', '/market', '/signals', '/orders', '/risk', '/journal', '/research', '/models', '/promotion', '/data', '/settings'];

describe.skipIf(!HAS_CHROMIUM)('the dashboard of a running session, in a browser (skipped where there is no Chromium)', () => {
  let desk: TradingDesk;
  beforeAll(async () => {
    desk = await tradingDesk();
  });
  afterAll(async () => {
    await desk?.close();
  });

  const visit = async (path: string): Promise<void> => {
    await desk.page.goto(`${desk.url}${path}`);
    await desk.page.locator('main .panel, main .tiles').first().waitFor({ timeout: 15_000 });
    await until(desk.page, "document.querySelectorAll('main .loading').length === 0");
  };
  const texts = (selector: string): Promise<string[]> => desk.page.locator(selector).allInnerTexts();
  /** Positions of the facts that the journal page holds, newest first, by scrolling through all of them. */
  const factsOnPage = async (): Promise<number[]> =>
    (await desk.page.evaluate(`(async () => {
      const box = document.querySelector('.fact-list');
      const seen = new Map();
      const look = () => {
        for (const row of document.querySelectorAll('.fact-row:not(.fact-head)'))
          seen.set(Number(row.getAttribute('aria-rowindex')), Number(row.querySelector('.fact-position').textContent.replaceAll(',', '')));
      };
      look();
      for (let y = 0; y <= box.scrollHeight; y += 200) {
        const before = seen.size;
        box.scrollTop = y;
        for (let wait = 0; wait < 40; wait++) {
          await new Promise(done => setTimeout(done, 25));
          look();
          if (seen.size > before) break;
        }
        if (seen.size >= 150) break;
      }
      box.scrollTop = 0;
      return [...seen].sort((a, b) => a[0] - b[0]).map(([, position]) => position);
    })()`)) as number[];
  /** Cells of the first rows of a table, by the titles of its columns. */
  const tableCells = (caption: string, columns: readonly string[], rows: number, page: Page = desk.page): Promise<string[][]> =>
    page.evaluate(
      `(() => {
        const table = [...document.querySelectorAll('main table')].find(each => each.caption?.textContent === ${JSON.stringify(caption)});
        if (table === undefined) return [];
        const titles = [...table.tHead.rows[0].cells].map(cell => cell.textContent.trim());
        const at = ${JSON.stringify(columns)}.map(title => titles.indexOf(title));
        if (at.includes(-1)) throw new Error(${JSON.stringify(caption)} + ' has only the columns ' + titles.join(', '));
        return [...table.querySelectorAll('tr[data-row]')].slice(0, ${rows}).map(row => at.map(of => row.cells[of]?.innerText.trim() ?? ''));
      })()`,
    );
  /** The market stands, and what was on its way has arrived. */
  const standStill = async (): Promise<number> => {
    await desk.control('/pause', { paused: true });
    let before = -1;
    return eventually(
      async () => {
        const [row] = await desk.sql('SELECT max(position) FROM live_events');
        const now = Number(row![0]);
        if (now === before) return now;
        before = now;
        return undefined;
      },
      'a journal that stands',
      40_000,
    );
  };

  test('a halt that is pressed while many orders leave and the venue answers slowly is followed by no submitted order', async () => {
    await desk.control('/faults', { add: { kind: 'delay', method: 'POST', path: '/fapi/v1/order', ms: 400 } });
    for (let turn = 1; turn <= (WHOLE ? 3 : 1); turn++) {
      await visit('/');
      const sent = async (): Promise<number> =>
        Number((await desk.sql("SELECT count(*) FROM live_events WHERE type = 'OrderSubmitted'"))[0]![0]);
      const before = await sent();
      await eventually(async () => ((await sent()) > before ? true : undefined), 'an order');
      await desk.page.locator('.top-bar .halt').click();
      await desk.page.locator('dialog .halt').click();
      await desk.page.locator('.toast').filter({ hasText: 'halted' }).first().waitFor();
      await eventually(async () => {
        const [row] = await desk.sql(
          "SELECT count(*) FROM live_events WHERE type = 'RiskStateChanged' AND strategy = '' AND (payload->>'state') = 'HALTED'",
        );
        return Number(row![0]) >= turn ? true : undefined;
      }, 'the halt');
      // Time enough for a bar, and for the slow answers.
      await new Promise(done => setTimeout(done, 4000));
      const after = await desk.sql(`
        WITH halt AS (SELECT max(position) AS at FROM live_events WHERE type = 'RiskStateChanged' AND strategy = '' AND (payload->>'state') = 'HALTED')
        SELECT position, strategy FROM live_events, halt WHERE type = 'OrderSubmitted' AND position > halt.at`);
      expect(after).toEqual([]);
      await visit('/risk');
      await desk.page.getByRole('button', { name: 'Resume', exact: true }).click();
      await desk.page.locator('dialog input').first().fill('the test goes on');
      await desk.page.locator('dialog footer').getByRole('button', { name: 'Resume', exact: true }).click();
      await eventually(async () => ((await texts('.top-bar .pill'))[0]?.startsWith('ACTIVE') === true ? true : undefined), 'ACTIVE');
    }
    await desk.control('/faults', { clear: 'all' });
    expect(desk.trouble).toEqual([]);
  });

  test('every figure of the pages is what quantai sql says', async () => {
    await eventually(
      async () => (Number((await desk.sql('SELECT count(*) FROM live_fills'))[0]![0]) >= 5 ? true : undefined),
      'five fills',
      60_000,
    );
    await standStill();
    const wrong: string[] = [];
    let compared = 0;
    for (const { path, what, table, tile, selector, query, anyOrder } of PAGE_FIGURES) {
      await visit(path);
      const expected = await desk.sql(query);
      const shown: readonly (readonly string[])[] =
        table !== undefined
          ? await tableCells(table.caption, table.columns, table.rows)
          : tile !== undefined
            ? [[await desk.page.locator('.tile', { hasText: tile.label }).locator(`.tile-${tile.line}`).first().innerText()]]
            : [[await desk.page.locator(selector!).innerText()]];
      // Each row of the page stands for one row of the answer: in any order the first that says the same is taken away.
      const left = [...shown];
      const isSame = expected.every(row => {
        const at = anyOrder ? left.findIndex(cells => row.every((cell, of) => saysTheSame(cells[of] ?? '', cell))) : 0;
        const [cells = []] = at < 0 ? [] : left.splice(at, 1);
        return row.every((cell, of) => saysTheSame(cells[of] ?? '', cell));
      });
      if (!isSame || left.length > 0 || expected.length === 0)
        wrong.push(
          `${path} ${what}: ${JSON.stringify(shown.slice(0, 4))} is not ${JSON.stringify(expected.slice(0, 4))} (${shown.length}, ${expected.length})`,
        );
      compared += expected.flat().length;
    }
    await desk.control('/pause', { paused: false });
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(250);
  });

  test('every page is free of complaints, foreign requests, serious findings of accessibility and sideways scrolling', async () => {
    const found: string[] = [];
    for (const path of PATHS) {
      await desk.page.setViewportSize({ width: 1440, height: 900 });
      await visit(path);
      await desk.page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await desk.page.emulateMedia({ colorScheme });
        const asked = colorScheme === 'light' ? '{}' : "{ runOnly: ['color-contrast'] }";
        const { violations } = (await desk.page.evaluate(`axe.run(document, { resultTypes: ['violations'], ...${asked} })`)) as {
          violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
        };
        for (const { id, impact, nodes } of violations)
          if (impact === 'serious' || impact === 'critical')
            found.push(`${path} ${colorScheme} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`.slice(0, 400));
      }
      await desk.page.emulateMedia({ colorScheme: 'light' });
      await desk.page.setViewportSize({ width: 390, height: 844 });
      const wide = await desk.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      if (Number(wide) > 0) found.push(`${path} is ${String(wide)} px wider than a phone`);
    }
    await desk.page.setViewportSize({ width: 1440, height: 900 });
    expect(found).toEqual([]);
    expect(desk.trouble).toEqual([]);
  });

  test.runIf(WHOLE)('open pages outlive a server that is killed twice, without a reload and without a missing or doubled row', async () => {
    const context = desk.page.context();
    const orders = await context.newPage();
    const overview = await context.newPage();
    await orders.goto(`${desk.url}/orders?list=fills`);
    await overview.goto(desk.url);
    await visit('/journal');
    await desk.page.locator('.fact-row:not(.fact-head)').first().waitFor();
    for (const page of [orders, overview]) await page.locator('main .panel').first().waitFor({ timeout: 20_000 });
    let reloads = 0;
    for (const page of [desk.page, orders, overview]) page.on('load', () => (reloads += 1));
    for (let turn = 0; turn < 2; turn++) {
      await desk.killServer();
      await new Promise(done => setTimeout(done, 1500));
      await desk.startServer();
      for (const page of [desk.page, orders, overview])
        await eventually(
          async () => ((await page.locator('.top-bar').innerText()).includes('Live') ? true : undefined),
          'the stream',
          20_000,
        );
    }
    await standStill();
    // Reading scrolls, and whoever scrolls away from the top is not carried on: so the newest has to be there first.
    const top = desk.page.locator('.fact-row:not(.fact-head) .fact-position').first();
    await eventually(async () => {
      const [row] = await desk.sql('SELECT max(position) FROM live_events');
      return Number((await top.innerText()).replaceAll(',', '')) === row![0] ? true : undefined;
    }, 'the newest fact');
    const shown = await factsOnPage();
    const from = shown[0] ?? 0;
    const expected = await desk.sql(
      `SELECT position FROM live_events WHERE position <= ${from} ORDER BY position DESC LIMIT ${shown.length}`,
    );
    expect(shown).toEqual(expected.map(([position]) => position));
    expect(shown.length).toBeGreaterThan(100);
    const fills = await desk.sql(
      'SELECT f.order_id FROM live_fills f JOIN live_events e ON e.account = f.account AND e.strategy = f.strategy AND e.seq = f.seq ORDER BY e.position DESC LIMIT 10',
    );
    expect((await tableCells('Fills, newest first', ['Order'], 10, orders)).flat()).toEqual(fills.flat());
    const [held] = await desk.sql("SELECT count(*) FROM live_positions WHERE quantity <> 0 AND strategy <> ''");
    expect(parseInt(await overview.locator('.tile', { hasText: 'Open PnL' }).locator('.tile-delta').innerText(), 10)).toBe(held![0]);
    expect(reloads).toBe(0);
    await orders.close();
    await overview.close();
    await desk.control('/pause', { paused: false });
    // What the browser itself writes of a connection that was cut is no fault of the page.
    desk.trouble.splice(0, desk.trouble.length, ...desk.trouble.filter(text => !/net::ERR_|Failed to load resource/.test(text)));
    expect(desk.trouble).toEqual([]);
  });

  test.runIf(WHOLE)(
    'every button of every page is pressed, and what it caused is in the journal, the audit log or the list of jobs',
    async () => {
      const page = desk.page;
      const riskStates = async (): Promise<string> =>
        String(
          (
            await desk.sql("SELECT string_agg(payload->>'state', ' ' ORDER BY position) FROM live_events WHERE type = 'RiskStateChanged'")
          )[0]![0],
        );
      const pressed = new Set<string>();
      const press = async (name: string): Promise<void> => {
        await page.locator('main').getByRole('button', { name, exact: true }).first().click();
        pressed.add(name);
      };
      const answer = async (button: string, reason?: string): Promise<void> => {
        if (reason !== undefined) await page.locator('dialog').getByLabel('Reason').fill(reason);
        await page.locator('dialog footer').getByRole('button', { name: button, exact: true }).click();
        await eventually(
          async () => ((await page.locator('dialog').count()) === 0 ? true : undefined),
          `the end of the dialog of ${button}`,
        );
      };
      const turnAway = async (): Promise<void> => {
        await page.locator('dialog').first().waitFor();
        await page.keyboard.press('Escape');
        await eventually(async () => ((await page.locator('dialog').count()) === 0 ? true : undefined), 'the end of the dialog');
      };

      await visit('/risk');
      for (const { name, leads } of [
        { name: 'Reduce only', leads: 'REDUCING' },
        { name: 'Resume', leads: 'ACTIVE' },
        { name: 'Halt', leads: 'HALTED' },
        { name: 'Resume', leads: 'ACTIVE' },
        { name: 'Halt and flatten', leads: 'HALTED' },
        { name: 'Resume', leads: 'ACTIVE' },
      ]) {
        await eventually(
          async () => ((await page.locator('main').getByRole('button', { name, exact: true }).isEnabled()) ? true : undefined),
          `a use for ${name}`,
        );
        await press(name);
        await answer(name, `pressed ${name}`);
        await eventually(async () => ((await riskStates()).endsWith(leads) ? true : undefined), `${leads} after ${name}`);
      }
      await press('Cancel all orders');
      await answer('Cancel all orders', 'pressed');
      await press('Change Leverage, gross notional ÷ equity');
      await page.locator('dialog').getByLabel('New value').fill('2.5');
      await page.locator('dialog footer button').last().click();
      await eventually(async () => {
        const [row] = await desk.sql(
          "SELECT count(*) FROM live_events WHERE type = 'SettingChanged' AND (payload->>'path') = 'risk.maxLeverage' AND (payload->>'after') = '2.5'",
        );
        return Number(row![0]) > 0 ? true : undefined;
      }, 'the changed limit');

      await visit('/data');
      await press('Pull data');
      await turnAway();
      await press('Check data');
      await turnAway();
      await press('Make synthetic data');
      await page.locator('dialog').getByLabel('Dataset').fill('noise');
      await page.locator('dialog').getByLabel('Bars').fill('500');
      await page.locator('dialog footer button').last().click();
      await eventually(
        // Fails while there is no such dataset.
        async () => (Number((await desk.sql("SELECT count(*) FROM market_data WHERE dataset = 'noise'"))[0]![0]) >= 500 ? true : undefined),
        'the synthetic dataset',
        40_000,
      );

      await visit('/settings');
      await press('Change capital');
      await page.locator('.setting-editor input').first().fill('20000');
      await page.locator('.setting-editor').getByLabel('Reason').fill('pressed');
      await page.locator('.setting-editor').getByRole('button', { name: 'Save' }).click();
      await eventually(
        async () =>
          (
            (await page.request.get(`${desk.url}/api/v1/settings/history`).then(got => got.json())) as {
              changes: { key: string; after: unknown }[];
            }
          ).changes.some(({ key, after }) => key === 'capital' && after === 20_000)
            ? true
            : undefined,
        'the changed setting',
      );

      await visit('/promotion');
      await press('Verify every record');
      await page.locator('dialog').filter({ hasText: 'The audit log is whole' }).waitFor();
      await turnAway();
      await press('Promote to paper');
      await turnAway();
      await visit('/research');
      await press('New run');
      await turnAway();
      await visit('/models');
      await press('Train again');
      await turnAway();
      await visit('/journal');
      await press('Pause');

      // Sorting, ranges and tabs change only what is shown: each is pressed and has to take effect. Whatever else is there must have been pressed above.
      const idle = /^(Older|Back|Next|Copy|Compare.*|Show \d+ more|Change .*|Go on|Follow|Resume.*|All|1 [dwm])$/;
      const left: string[] = [];
      for (const path of PATHS) {
        await visit(path);
        for (const sorter of await page.locator('main .sorter:visible').all()) await sorter.click();
        if ((await page.locator('main .sorter:visible').count()) > 0 && (await page.locator('main th[aria-sort]').count()) === 0)
          left.push(`${path} sorts nothing`);
        for (const tab of await page.locator('main [role=tab]').all()) {
          await tab.click();
          if ((await tab.getAttribute('aria-selected')) !== 'true') left.push(`${path} ${await tab.innerText()}`);
        }
        await visit(path);
        const names = (await page.evaluate(
          "[...document.querySelectorAll('main button:not(.sorter):not([role=tab])')].map(each => (each.getAttribute('aria-label') ?? each.textContent).trim())",
        )) as string[];
        for (const name of names) if (!pressed.has(name) && !idle.test(name) && name !== 'Stop the session') left.push(`${path} ${name}`);
      }
      expect(left).toEqual([]);

      await visit('/risk');
      await press('Stop the session');
      await answer('Stop the session', 'pressed');
      await eventually(
        async () => ((await page.locator('.top-bar .pill').innerText()).startsWith('STOPPED') ? true : undefined),
        'the end of the session',
        30_000,
      );
      const said = (await desk.sql("SELECT string_agg(DISTINCT type, ' ') FROM audit_log"))[0]![0];
      for (const type of ['CommandGiven', 'RiskChanged', 'SessionEnded']) expect(String(said)).toContain(type);
    },
  );
});
