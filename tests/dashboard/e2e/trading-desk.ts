import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM } from '../web/browser-bench.js';

/** Sends eight small resting orders a bar, and so keeps the session's lanes to the venue full. */
const BUSY = `import { defineStrategy, order } from 'quantai-trad';

export default defineStrategy({
  name: 'busy',
  description: 'Eight small resting orders a bar.',
  params: {},
  decide: ({ symbol, openTime, ts, close }) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map(step => {
      const side = step % 2 === 0 ? 'buy' : 'sell';
      const away = step / 400;
      return order({ symbol, side, quantity: 60 / close, limit: close * (side === 'buy' ? 1 - away : 1 + away), goodTill: ts + (ts - openTime), reason: 'step ' + step });
    }),
});
`;

export type Cell = string | number | boolean | null;

/** A workspace in which a session trades on a practice exchange, its dashboard, and a browser that has come in by the printed link. */
export interface TradingDesk {
  readonly folder: string;
  readonly url: string;
  readonly page: Page;
  /** What a page complained of, and what it asked of another origin. */
  readonly trouble: string[];
  readonly quantai: (...words: string[]) => Promise<string>;
  readonly sql: (query: string) => Promise<readonly (readonly Cell[])[]>;
  /** The control port of the practice exchange. */
  readonly control: (call: string, body: unknown) => Promise<unknown>;
  readonly serverPid: () => number;
  readonly killServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const run = promisify(execFile);
const CLI = resolve('dist/cli.js');
const sleep = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

/** Tries until it gives something. */
export const eventually = async <T>(attempt: () => Promise<T | undefined>, what: string, patience = 20_000): Promise<T> => {
  const end = Date.now() + patience;
  for (;;) {
    const got = await attempt();
    if (got !== undefined) return got;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await sleep(100);
  }
};

/** Whole lines that a child says until one of them is what is waited for. */
const saying = (child: ChildProcess, wanted: (text: string) => boolean, what: string): Promise<string> =>
  new Promise((done, fail) => {
    let text = '';
    const hear = (part: Buffer): void => {
      text += part.toString();
      if (wanted(text)) done(text);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', code => fail(new Error(`${what} ended with ${code}: ${text}`)));
  });

/** What a desk has begun, and has to end. */
interface Begun {
  readonly folder: string;
  readonly children: Set<ChildProcess>;
  browser: Browser | null;
}

const closed = async ({ folder, children, browser }: Begun): Promise<void> => {
  await browser?.close();
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
};

export const tradingDesk = async (options: { readonly speed?: number } = {}): Promise<TradingDesk> => {
  const begun: Begun = { folder: await mkdtemp(join(tmpdir(), 'desk-')), children: new Set(), browser: null };
  try {
    return await furnished(begun, options);
  } catch (error) {
    // A desk that did not come about leaves nobody behind.
    await closed(begun);
    throw error;
  }
};

const furnished = async (begun: Begun, { speed = 600 }: { readonly speed?: number }): Promise<TradingDesk> => {
  const { folder, children } = begun;
  const kept = (child: ChildProcess): ChildProcess => {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const begin = (words: readonly string[]): ChildProcess =>
    kept(spawn(process.execPath, [CLI, '--workspace', folder, ...words], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const quantai = async (...words: string[]): Promise<string> => {
    const running = run(process.execPath, [CLI, '--workspace', folder, ...words], { maxBuffer: 100_000_000 });
    kept(running.child);
    return (await running).stdout;
  };
  await mkdir(join(folder, 'strategies'));
  await writeFile(join(folder, 'strategies/busy.ts'), BUSY);
  const practice = begin(['practice', '--dataset', 'sample', '--speed', String(speed)]);
  const researched = quantai(
    'backtest',
    'sma-cross',
    '--dataset',
    'sample',
    '--symbols',
    'BTC/USDT:USDT',
    '--from',
    '2024-03-01',
    '--to',
    '2024-05-01',
  );
  researched.catch(() => undefined);
  const forecast = quantai(
    ...'backtest quant-ensemble --dataset sample --symbols BTC/USDT:USDT --from 2024-03-01 --to 2024-04-01'.split(' '),
  );
  forecast.catch(() => undefined);
  await eventually(async () => (existsSync(join(folder, 'practice.json')) ? true : undefined), 'the practice exchange');
  practice.stdout!.resume();
  practice.stderr!.resume();
  const { control } = JSON.parse(await readFile(join(folder, 'practice.json'), 'utf8')) as { control: string };
  const session = begin(
    'live sma-cross strategies/busy.ts --venue practice --symbols BTC/USDT:USDT,ETH/USDT:USDT --timeframe 1h --no-watchdog --param sma-cross.fast=5 --param sma-cross.slow=20'
      .split(' ')
      .map(word => (word === 'strategies/busy.ts' ? join(folder, word) : word)),
  );
  const trading = saying(session, text => /Ctrl-C ends it/.test(text), 'the session');
  trading.catch(() => undefined);
  let server: ChildProcess;
  let port = 0;
  const serve = async (): Promise<{ readonly url: string; readonly link: string }> => {
    server = begin(['dashboard', '--json', '--port', String(port)]);
    const text = await saying(server, said => said.trimEnd().endsWith('}'), 'the dashboard');
    return JSON.parse(text) as { url: string; link: string };
  };
  const { url, link } = await serve();
  port = Number(new URL(url).port);
  await researched;
  await forecast;
  await trading;
  await quantai('settings', 'set', 'capital', '12000', '--reason', 'a longer look');
  await quantai('limits', '--account', 'main', '--set', 'maxLeverage=2.8', '--reason', 'a calmer desk');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  begun.browser = browser;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', error => trouble.push(`${page.url()}: ${error.message}`));
  page.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) trouble.push(`${page.url()}: asked for ${request.url()}`);
  });
  await page.goto(link);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.locator('main .tiles').waitFor({ timeout: 20_000 });
  return {
    folder,
    url,
    page,
    trouble,
    quantai,
    sql: async query => (JSON.parse(await quantai('sql', query, '--json')) as { rows: Cell[][] }).rows,
    control: async (call, body) => {
      const answer = await fetch(`${control}${call}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${call}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    serverPid: () => server.pid!,
    killServer: async () => {
      const gone = new Promise(done => server.once('exit', done));
      server.kill('SIGKILL');
      await gone;
    },
    startServer: async () => {
      await serve();
    },
    close: () => closed(begun),
  };
};
