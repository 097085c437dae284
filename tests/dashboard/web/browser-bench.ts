import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { fakeServer, type FakeServer } from './fake-server.js';

export const CHROMIUM = '/usr/bin/chromium';
export const HAS_CHROMIUM = existsSync(CHROMIUM);
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
];

const BUILT = 'dist/dashboard/web';
const SOURCES = 'src/dashboard/web';

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map(each => statSync(join(each.parentPath, each.name)).mtimeMs),
  );

/** The pages as `npm run build` made them (or as they stand in the folder that the variable PAGES names), or, where sources changed since, built into a folder of the test's own. */
export const builtPages = (): { readonly folder: string; readonly remove: () => void } => {
  const named = process.env['PAGES'];
  if (named !== undefined) return { folder: named, remove: () => undefined };
  const index = join(BUILT, 'index.html');
  if (existsSync(index) && existsSync(join(BUILT, '.vite/manifest.json')) && statSync(index).mtimeMs > newest(SOURCES))
    return { folder: BUILT, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  execFileSync('node_modules/.bin/vite', ['build', '--config', `${SOURCES}/vite.config.ts`, '--logLevel', 'error', '--outDir', folder], {
    stdio: 'pipe',
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A browser on the pages and the fake server. Whatever a page complains of, or asks of another origin, is in `trouble`. */
export interface BrowserBench {
  readonly server: FakeServer;
  readonly folder: string;
  readonly trouble: string[];
  readonly open: (path: string, options?: BrowserContextOptions & { readonly pace?: number }) => Promise<Page>;
  readonly close: () => Promise<void>;
}

export const browserBench = async (rate = 4): Promise<BrowserBench> => {
  const built = builtPages();
  const server = await fakeServer({ web: built.folder, rate });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const trouble: string[] = [];
  return {
    server,
    folder: built.folder,
    trouble,
    open: async (path, options = {}) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
      page.on('console', message => {
        // A refusal that a test asked for is written to the console by the browser itself.
        if (message.type() === 'error' && /Failed to load resource/.test(message.text())) return;
        if (message.type() === 'error' || message.type() === 'warning') trouble.push(`${path}: ${message.text()}`);
      });
      page.on('pageerror', error => trouble.push(`${path}: ${error.message}`));
      page.on('request', request => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
          trouble.push(`${path}: asked for ${request.url()}`);
      });
      await page.goto(`${server.url}${path}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
      built.remove();
    },
  };
};

/** Waits until an expression of the page is true. The page's policy forbids what playwright's own way would evaluate in it. */
export const until = async (page: Page, expression: string, patience = 15_000): Promise<void> => {
  const end = Date.now() + patience;
  for (;;) {
    if ((await page.evaluate(expression)) === true) return;
    if (Date.now() > end) throw new Error(`never came true: ${expression}`);
    await new Promise(done => setTimeout(done, 40));
  }
};
