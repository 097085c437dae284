// Runs on a queue while workers are killed: node scripts/soak-cluster.mjs URL [minutes] [workers]. Every result is compared with what it has to be. Exit code 1 when one differs or a run fails.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { folderLake } from '../dist/cluster/lake/folder-lake.js';
import { inspectQueue } from '../dist/cluster/queue/inspect-queue.js';
import { parseQueueUrl } from '../dist/cluster/queue/parse-queue-url.js';
import { queueEngine } from '../dist/cluster/queue/queue-engine.js';

const [url, minutes = '5', count = '3'] = process.argv.slice(2);
if (url === undefined) {
  console.error('usage: node scripts/soak-cluster.mjs postgres://…|redis://… [minutes] [workers]');
  process.exit(2);
}
const place = parseQueueUrl(url);
const home = mkdtempSync(join(tmpdir(), 'soak-cluster-'));
const handler = join(home, 'square.mjs');
writeFileSync(
  handler,
  'export const handle = async ({ x, ms }, shared) => { await new Promise(r => setTimeout(r, ms)); return x * x + shared.column[x % 100]; };',
);
const column = Float64Array.from({ length: 100 }, (_, i) => i / 7);
const cli = new URL('../dist/cli.js', import.meta.url).pathname;
const start = () =>
  spawn(process.execPath, [cli, 'worker', '--threads', '2', '--workspace', home], {
    env: { ...process.env, QUANTAI_ON: url },
    stdio: 'ignore',
  });
const workers = Array.from({ length: Number(count) }, start);
const end = Date.now() + Number(minutes) * 60_000;
let [kills, runs, jobs, failed] = [0, 0, 0, 0];

const killing = async () => {
  while (Date.now() < end) {
    await pause(5000 + Math.random() * 10_000);
    const at = Math.floor(Math.random() * workers.length);
    workers[at].kill(Math.random() < 0.7 ? 'SIGKILL' : 'SIGTERM');
    workers[at] = start();
    kills++;
  }
};

const researching = async who => {
  const engine = await queueEngine({
    place,
    lake: folderLake(join(home, 'lake')),
    submitter: who,
    run: who,
    auditShare: 0.05,
    tell: text => console.error(text),
  });
  while (Date.now() < end) {
    const n = 1 + Math.floor(Math.random() * 200);
    const from = Math.floor(Math.random() * 1e6);
    const payloads = Array.from({ length: n }, (_, i) => ({ x: from + i, ms: Math.floor(Math.random() * 100) }));
    try {
      const results = await engine.run(`file://${handler}`, payloads, { shared: { column } });
      const wrong = results.filter((result, i) => result !== payloads[i].x ** 2 + column[payloads[i].x % 100]).length;
      if (wrong > 0) throw new Error(`${wrong} results of ${n} are wrong`);
      runs++;
      jobs += n;
    } catch (error) {
      failed++;
      console.error(`${who}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await engine.close();
};

await Promise.all([killing(), ...['ada', 'bob', 'eve'].map(researching)]);
const queue = await inspectQueue(place);
const [counts, alarms, quarantined] = await Promise.all([queue.counts(), queue.alarms(), queue.quarantined()]);
await queue.close();
for (const worker of workers) worker.kill('SIGTERM');
await Promise.all(
  workers.map(
    worker => new Promise(resolve => (worker.exitCode === null && worker.signalCode === null ? worker.once('exit', resolve) : resolve())),
  ),
);
rmSync(home, { recursive: true, force: true });
console.log(
  JSON.stringify({ minutes: Number(minutes), runs, jobs, kills, failed, alarms: alarms.length, quarantined: quarantined.length, counts }),
);
process.exitCode = failed + alarms.length > 0 ? 1 : 0;
