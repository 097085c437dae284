// A walk-forward on three machines, one of which is cut off in the middle of a job: `node scripts/three-machines.mjs [--namespaces auto|yes|no] [--points 6] [--cut 30] [--dist dist] [--keep] [--json]`.
//
// Each machine is a network namespace with an address of its own on a bridge that stands in a fourth one; nothing of this host's network is touched. A has PostgreSQL, the lake and who submits; B and C have workers with
// empty folders and nothing else. C's link goes down while it is at work and comes up again. The fingerprint must be that of the same walk-forward in one process. Needs root and iproute2; without them the machines are
// processes with folders of their own, and the one that is cut off is stopped (SIGSTOP) and goes on.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, gone, makePostgres, postgresWords } from './services.mjs';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const has = name => process.argv.includes(`--${name}`);
const CLI = join(resolve(argument('dist', fileURLToPath(new URL('../dist', import.meta.url)))), 'cli.js');
const CUT_MS = Number(argument('cut', 30)) * 1000;
const POINTS = argument('points', '6');
const TOKEN = `lake-${process.pid}-${Math.random().toString(36).slice(2).padEnd(12, 'x')}`;
const isRoot = process.getuid?.() === 0;
const begun = performance.now();
const say = text => console.error(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);

/** Undone in reverse order, whatever happens. */
const undo = [];

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Whether this machine lets us make namespaces. */
const canNamespaces = () => {
  if (!isRoot || process.platform !== 'linux') return false;
  const probe = `qt${process.pid}p`;
  const made = spawnSync('ip', ['netns', 'add', probe]).status === 0;
  if (made) spawnSync('ip', ['netns', 'del', probe]);
  return made;
};

const wish = argument('namespaces', 'auto');
const namespaces = wish === 'yes' || (wish === 'auto' && canNamespaces());

const root = mkdtempSync(join(isRoot ? '/tmp' : tmpdir(), 'qt3-'));
if (!has('keep')) undo.push(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

/** A machine: a folder, and where namespaces can be made an address of its own. */
const machine = (name, number) => {
  const folder = join(root, name);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  const space = namespaces ? `qt${process.pid}${name}` : null;
  const address = namespaces ? `10.77.0.${number}` : '127.0.0.1';
  const inside = words => (space === null ? words : ['ip', 'netns', 'exec', space, ...words]);
  const counter = which =>
    space === null
      ? null
      : Number(execFileSync('ip', ['netns', 'exec', space, 'cat', `/sys/class/net/eth0/statistics/${which}_bytes`], { encoding: 'utf8' }));
  return {
    name,
    folder,
    space,
    address,
    /** Nothing of this process's environment reaches a program there but where programs are. */
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: join(folder, 'tmp'), LANG: 'C.UTF-8', TZ: 'UTC', QUANTAI_LAKE_TOKEN: TOKEN },
    inside,
    received: () => counter('rx'),
    sent: () => counter('tx'),
  };
};

const [a, b, c] = [machine('a', 1), machine('b', 2), machine('c', 3)];

if (namespaces) {
  const hub = `qt${process.pid}s`;
  ip('netns', 'add', hub);
  undo.push(() => ip('netns', 'del', hub));
  ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', hub, 'link', 'set', 'br0', 'up');
  for (const { name, space, address } of [a, b, c]) {
    ip('netns', 'add', space);
    undo.push(() => ip('netns', 'del', space));
    ip('-n', hub, 'link', 'add', `port-${name}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    ip('-n', hub, 'link', 'set', `port-${name}`, 'master', 'br0', 'up');
    ip('-n', space, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    ip('-n', space, 'link', 'set', 'lo', 'up');
    ip('-n', space, 'link', 'set', 'eth0', 'up');
  }
}

/** A process of a machine that is ended with the script. `ip netns exec` becomes the program, so the id is its own. */
const start = (on, words, { stdout = 'ignore', stderr = 'inherit', ...more } = {}) => {
  const [program, ...rest] = on.inside(words);
  const child = spawn(program, rest, { cwd: on.folder, env: on.env, stdio: ['ignore', stdout, stderr], ...more });
  undo.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    if ((await Promise.race([gone(child), pause(8_000, 'late')])) === 'late') {
      child.kill('SIGKILL');
      await gone(child);
    }
  });
  return child;
};

/** A command of the platform on a machine, to its end: its JSON document. */
const quantai = async (on, ...words) => {
  const child = start(on, [process.execPath, CLI, ...words, '--json', '--no-progress'], { stdout: 'pipe', stderr: 'pipe' });
  let [out, err] = ['', ''];
  child.stdout.on('data', data => (out += data));
  child.stderr.on('data', data => (err += data));
  await new Promise(done => child.once('close', done));
  if (child.exitCode !== 0)
    throw new Error(`quantai ${words.join(' ')} on ${on.name} ended with ${child.exitCode}: ${err.slice(-2_000)}${out.slice(-500)}`);
  return JSON.parse(out);
};

/** PostgreSQL on a machine, as a user other than root, open to the three addresses. */
const postgres = async on => {
  const made = makePostgres();
  const { owner, home, data, programs } = made;
  undo.push(() => rmSync(home, { recursive: true, force: true }));
  if (namespaces) appendFileSync(join(data, 'pg_hba.conf'), 'host all all 10.77.0.0/24 trust\n');
  const port = namespaces ? 5432 : await freePort();
  const words = postgresWords(made, on.address, port);
  // Through a program that becomes it: who enters a namespace has to be root.
  const asOwner = isRoot ? ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...words] : words;
  start(on, asOwner, { cwd: home, stderr: 'ignore' });
  for (let i = 0; ; i += 1) {
    const [program, ...rest] = on.inside([join(programs, 'pg_isready'), '-h', on.address, '-p', String(port), '-q']);
    if (spawnSync(program, rest).status === 0) break;
    if (i > 100) throw new Error('PostgreSQL does not answer');
    await pause(100);
  }
  return `postgres://quantai@${on.address}:${port}/postgres`;
};

/** The lake of a machine's workspace, served. */
const serveLake = async on => {
  const child = start(on, [process.execPath, CLI, 'lake', '--host', on.address, '--port', '0', '--json'], { stdout: 'pipe' });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('}')) break;
  }
  return JSON.parse(text).url;
};

/** A worker on a machine with an empty folder; its log is a line of JSON per event. */
const worker = (on, queue) => {
  on.env.QUANTAI_ON = queue;
  const log = join(root, `${on.name}.log`);
  const out = join(root, `${on.name}.json`);
  const [logFile, outFile] = [openSync(log, 'w'), openSync(out, 'w')];
  const words = [process.execPath, CLI, 'worker', '--name', on.name.toUpperCase(), '--threads', '1', '--verbose', '--json'];
  const child = start(on, words, { stdout: outFile, stderr: logFile });
  closeSync(logFile);
  closeSync(outFile);
  const lines = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .flatMap(line => {
        try {
          return [JSON.parse(line)];
        } catch {
          return [];
        }
      });
  const jobsOf = pattern =>
    lines()
      .filter(({ job, msg }) => job !== undefined && pattern.test(msg))
      .map(({ job, time }) => ({ job, at: Date.parse(time) }));
  return {
    child,
    lines,
    done: () => jobsOf(/ done$/),
    taken: () => jobsOf(/has lost its worker/),
    result: () => JSON.parse(readFileSync(out, 'utf8')),
  };
};

const until = async (what, test, { ms = 180_000, alive } = {}) => {
  const end = performance.now() + ms;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`waited ${ms / 1000} s in vain for this: ${what}`);
    if (alive !== undefined && !alive()) throw new Error(`it was over before this: ${what}`);
    await pause(200);
  }
};

const sizeOf = folder =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(item => item.isFile())
        .reduce((sum, item) => sum + readFileSync(join(item.parentPath, item.name)).length, 0)
    : 0;

const STRATEGY = `import { bars, defineStrategy, int, sma, target } from 'quantai-trad';

export default defineStrategy({
  name: 'crossing',
  params: { fast: int(5, 60, { default: 20 }), slow: int(80, 400, { default: 200 }) },
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  indicators: p => ({ fast: sma(p.fast), slow: sma(p.slow) }),
  decide: (bar, { fast, slow }) => target(bar.symbol, fast > slow ? 0.3 : -0.3, { reason: 'fast against slow' }),
});
`;
const WALK = ['walkforward', 'crossing.ts', '--dataset', 'minutes', '--train', '30d', '--test', '10d', '--points', POINTS];

const experiment = async () => {
  say(
    namespaces
      ? `three network namespaces: A ${a.address}, B ${b.address}, C ${c.address}`
      : 'three processes with folders of their own, on loopback',
  );
  const queue = await postgres(a);
  const lake = await serveLake(a);
  say(`A: PostgreSQL and a lake at ${lake}`);

  await quantai(a, 'data', 'synth', '--dataset', 'minutes', '--timeframe', '1m', '--from', '2023-01-01', '--to', '2023-04-01');
  const { version, sentFiles, sentBytes } = await quantai(a, 'data', 'push', 'minutes', '--lake', lake);
  say(`A: dataset minutes@${version.slice(0, 12)}, ${sentFiles} files (${sentBytes} bytes) pushed`);

  // The reference is a colleague's: the dataset comes out of the lake, the walk-forward runs in one process.
  const colleague = { ...a, folder: join(root, 'colleague'), env: { ...a.env } };
  mkdirSync(colleague.folder);
  for (const { folder } of [a, colleague]) writeFileSync(join(folder, 'crossing.ts'), STRATEGY);
  const fetched = await quantai(colleague, 'data', 'fetch', 'minutes', '--lake', lake);
  if (fetched.version !== version) throw new Error('another version was fetched than was pushed');
  let from = performance.now();
  const alone = await quantai(colleague, ...WALK, '--workers', '1');
  say(`in one process: ${alone.fingerprint.slice(0, 16)}, ${alone.trials} trials, ${((performance.now() - from) / 1000).toFixed(1)} s`);

  const workers = { b: worker(b, queue), c: worker(c, queue) };
  await until('both workers serve', () =>
    Object.values(workers).every(({ lines }) => lines().some(({ msg }) => msg.startsWith('serves '))),
  );
  say('B and C: workers that began with empty folders');

  from = performance.now();
  let clustered;
  let isOver = false;
  const submitted = quantai(a, ...WALK, '--on', queue, '--lake', lake).finally(() => (isOver = true));
  submitted.catch(() => undefined);
  const alive = () => !isOver;
  const cOf = async () => (await quantai(a, 'jobs', 'workers', '--on', queue)).workers.find(({ name }) => name === 'C');
  await until('C has done jobs and is at work', async () => workers.c.done().length >= 2 && (await cOf())?.busy > 0, { alive });
  const before = workers.c.done().length;
  const cutAt = Date.now();
  if (namespaces) ip('-n', c.space, 'link', 'set', 'eth0', 'down');
  else workers.c.child.kill('SIGSTOP');
  say(`C is cut off in the middle of a job, after ${before} jobs`);

  await until('B takes up what C had', () => workers.b.taken().length > 0, { alive });
  await pause(Math.max(0, cutAt + CUT_MS - Date.now()));
  const healedAt = Date.now();
  if (namespaces) ip('-n', c.space, 'link', 'set', 'eth0', 'up');
  else workers.c.child.kill('SIGCONT');
  const meanwhile = workers.b.done().filter(({ at }) => at >= cutAt && at < healedAt).length;
  say(`C is back after ${((healedAt - cutAt) / 1000).toFixed(1)} s; B did ${meanwhile} jobs meanwhile`);
  await until('C does jobs again', () => workers.c.done().some(({ at }) => at > healedAt + 500), { alive }).catch(error =>
    say(`C did nothing more: ${error.message}`),
  );

  clustered = await submitted;
  const seconds = (performance.now() - from) / 1000;
  const again = workers.c.done().find(({ at }) => at > healedAt + 500);
  if (again !== undefined) say(`C did its first job after that ${((again.at - healedAt) / 1000).toFixed(1)} s after it was back`);
  say(`on three machines: ${clustered.fingerprint.slice(0, 16)}, ${clustered.trials} trials, ${seconds.toFixed(1)} s`);
  const network = [b, c].map(each => ({ received: each.received(), sent: each.sent() }));
  for (const { child } of Object.values(workers)) child.kill('SIGINT');
  await Promise.all(Object.values(workers).map(({ child }) => gone(child)));

  const table = [b, c].map((each, i) => {
    const log = workers[each.name];
    const done = log.done();
    return {
      machine: each.name.toUpperCase(),
      received: network[i].received,
      cached: sizeOf(join(each.folder, '.cache', 'worker')),
      sent: network[i].sent,
      jobs: log.result().jobs,
      beforeCut: done.filter(({ at }) => at < cutAt).length,
      whileCut: done.filter(({ at }) => at >= cutAt && at < healedAt).length,
      afterwards: done.filter(({ at }) => at >= healedAt).length,
      tookOver: log.taken().length,
    };
  });
  // A job that C lost and another did.
  const retaken = workers.b.taken().filter(({ job }) => workers.b.done().some(each => each.job === job)).length;
  const laws = {
    'the fingerprint is that of one process': clustered.fingerprint === alone.fingerprint,
    'as many trials as in one process': clustered.trials === alone.trials,
    'both machines did jobs': table.every(({ jobs }) => jobs > 0),
    'a job that C lost was done by B': retaken > 0,
    'C did jobs again once it was back': table[1].afterwards > 0,
    'the lake holds what the workers fetched': table.every(({ cached }) => cached > 1e6),
  };
  return {
    namespaces,
    fingerprint: clustered.fingerprint,
    alone: alone.fingerprint,
    trials: clustered.trials,
    seconds,
    cutSeconds: (healedAt - cutAt) / 1000,
    retaken,
    lake: sizeOf(join(a.folder, 'lake')),
    table,
    laws,
  };
};

let report;
process.exitCode = 1;
const interrupted = new Promise((_, reject) => process.once('SIGINT', () => reject(new Error('interrupted'))));
try {
  report = await Promise.race([experiment(), interrupted]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  for (const name of ['b', 'c'])
    if (existsSync(join(root, `${name}.log`)))
      console.error(
        `--- ${name}\n${readFileSync(join(root, `${name}.log`), 'utf8')
          .split('\n')
          .slice(-12)
          .join('\n')}`,
      );
} finally {
  for (const step of undo.reverse())
    try {
      await step();
    } catch (error) {
      console.error(`left behind: ${error instanceof Error ? error.message : error}`);
    }
}
if (report !== undefined) {
  const megabytes = bytes => (bytes === null ? '–' : `${(bytes / 1e6).toFixed(2)} MB`);
  if (has('json')) console.log(JSON.stringify(report));
  else {
    const rows = [
      ['machine', 'received', 'in its cache', 'sent', 'jobs', 'before', 'while C was cut off', 'after', 'taken over'],
      ...report.table.map(row =>
        [
          row.machine,
          megabytes(row.received),
          megabytes(row.cached),
          megabytes(row.sent),
          row.jobs,
          row.beforeCut,
          row.whileCut,
          row.afterwards,
          row.tookOver,
        ].map(String),
      ),
    ];
    const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)));
    for (const row of rows) console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
    console.log(`\nin one process     ${report.alone}\non three machines  ${report.fingerprint}\n`);
    for (const [law, holds] of Object.entries(report.laws)) console.log(`${holds ? 'holds ' : 'BROKEN'}  ${law}`);
  }
  process.exitCode = Object.values(report.laws).every(Boolean) ? 0 : 1;
}
