// Lets the dashboard of a running practice session stand open and writes down what it costs: memory of page and server, the share of the main thread, the first paint.
//
//     node scripts/dashboard-soak.mjs [seconds] [path]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const seconds = Number(process.argv[2] ?? 20);
const path = process.argv[3] ?? '/';
const folder = mkdtempSync(join(tmpdir(), 'soak-'));
const children = [];
const begin = words => {
  const child = spawn(process.execPath, ['dist/cli.js', '--workspace', folder, ...words.split(' ')], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
};
const saying = (child, wanted) =>
  new Promise((done, fail) => {
    let text = '';
    const hear = part => {
      text += part;
      if (wanted(text)) done(text);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => fail(new Error(text)));
  });
const sleep = ms => new Promise(done => setTimeout(done, ms));
/** MB that a process holds. */
const resident = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

let browser;
try {
  begin('practice --dataset sample --speed 600');
  while (!existsSync(join(folder, 'practice.json'))) await sleep(100);
  const session = begin(
    'live sma-cross --venue practice --symbols BTC/USDT:USDT,ETH/USDT:USDT --timeframe 1h --no-watchdog --param sma-cross.fast=5 --param sma-cross.slow=20',
  );
  await saying(session, text => text.includes('Ctrl-C ends it'));
  const server = begin('dashboard --json --port 0');
  const { url, link } = JSON.parse(await saying(server, text => text.trimEnd().endsWith('}')));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(link);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.locator('main .tiles').waitFor();
  await page.goto(`${url}${path}`);
  await page.locator('main .panel').first().waitFor();
  const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const measured = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const of = name => metrics.find(each => each.name === name)?.value ?? 0;
    return {
      at: of('Timestamp'),
      busy: of('TaskDuration'),
      heap: of('JSHeapUsedSize') / 2 ** 20,
      nodes: of('Nodes'),
      server: resident(server.pid),
    };
  };
  const every = Math.max(5, seconds / 20);
  let before = await measured();
  const first = before;
  const rows = [];
  for (let passed = 0; passed < seconds; passed += every) {
    await sleep(every * 1000);
    const now = await measured();
    const row = {
      seconds: Math.round(now.at - first.at),
      'main thread, %': Number((((now.busy - before.busy) / (now.at - before.at)) * 100).toFixed(1)),
      'page heap, MB': Number(now.heap.toFixed(2)),
      nodes: now.nodes,
      'server, MB': Number(now.server.toFixed(1)),
    };
    rows.push(row);
    console.log(JSON.stringify(row));
    before = now;
  }
  console.log(
    JSON.stringify({
      path,
      'first paint, ms': paint,
      'heap grew, MB': Number((before.heap - first.heap).toFixed(2)),
      'server grew, MB': Number((before.server - first.server).toFixed(1)),
    }),
  );
} finally {
  await browser?.close();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
