// What a queue has to stand, shown on the command line: node scripts/cluster-shows.mjs [--on postgres|redis|both] [--only walk,cancel,…] [--points 4] [--dist dist] [--keep]. Databases, workers and submitters are processes
// of this script on loopback, workers begin in empty folders, and every result is compared with that of the same command in one process. Exit code 1 when something is not as it has to be.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gone, postgresPrograms, redisProgram, servePostgres, serveRedis } from './services.mjs';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const DIST = resolve(argument('dist', fileURLToPath(new URL('../dist', import.meta.url))));
const CLI = join(DIST, 'cli.js');
const built = name => import(pathToFileURL(join(DIST, 'cluster', 'queue', name)).href);
const [{ inspectQueue }, { openQueue }, { parseQueueUrl }] = await Promise.all(
  ['inspect-queue.js', 'job-queue.js', 'parse-queue-url.js'].map(built),
);

const begun = performance.now();
const say = text => console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const home = mkdtempSync(join(tmpdir(), 'cluster-shows-'));
const WALK = ['walkforward', 'sma-cross', '--dataset', 'sample', '--train', '30d', '--test', '10d', '--points', argument('points', '4')];

/** Longest that one command may take. */
const LIMIT_MS = 300_000;

/** What is ended with the script, whatever happens. */
const children = new Set();
let folders = 0;
const emptyFolder = name => {
  const folder = join(home, `${name}-${++folders}`);
  mkdirSync(folder);
  return folder;
};

/** Nothing of this process's environment that would name another queue, lake or workspace. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('QUANTAI_')));

const start = (folder, words, { env = {}, stdout = 'pipe', stderr = 'pipe' } = {}) => {
  const child = spawn(process.execPath, [CLI, ...words], {
    cwd: folder,
    env: { ...environment, ...env },
    stdio: ['ignore', stdout, stderr],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};

/** A command: what it printed and how it ended. */
const command = (folder, words, env = {}) => {
  const child = start(folder, [...words, '--json', '--no-progress'], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', data => (out += data));
  child.stderr.on('data', data => (err += data));
  const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const from = performance.now();
  const ended = new Promise(done => child.once('close', done)).then(() => {
    clearTimeout(late);
    noteWarnings(err);
    const { exitCode, signalCode } = child;
    return { code: exitCode ?? signalCode, out, err, seconds: (performance.now() - from) / 1000 };
  });
  return { child, ended, err: () => err };
};

const documentOf = ({ code, out, err }) => {
  if (code !== 0) throw new Error(`it ended with ${code}: ${err.slice(-1500)}${out.slice(-500)}`);
  return JSON.parse(out);
};

/** Warnings of Node, such as of listeners that add up: none of our processes may print one. */
const warnings = new Set();
const noteWarnings = text => {
  for (const [warning] of text.matchAll(/^.*Warning: (?!.*experimental).*$/gim)) warnings.add(warning.replace(/^\(node:\d+\) /, '').trim());
};

/** A walk-forward's document without what differs between two runs of the same: its id, its place and its time. */
const comparable = ({ runId: _run, report: _report, elapsedMs: _elapsed, ...rest }) => JSON.stringify(rest);

let workerNumber = 0;
/** A worker process in an empty folder; its log is a line of JSON per event. */
const worker = (url, { name = `W${++workerNumber}`, threads = 1, env = {} } = {}) => {
  const folder = emptyFolder(`worker-${name}`);
  const path = join(folder, 'log.ndjson');
  const log = openSync(path, 'w');
  const child = start(folder, ['worker', '--name', name, '--threads', String(threads), '--verbose', '--json'], {
    env: { QUANTAI_ON: url, ...env },
    stdout: 'ignore',
    stderr: log,
  });
  closeSync(log);
  const lines = () =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap(line => {
        try {
          return [JSON.parse(line)];
        } catch {
          noteWarnings(line);
          return [];
        }
      });
  const jobs = pattern => lines().flatMap(({ job, msg }) => (job !== undefined && pattern.test(msg) ? [job] : []));
  return { name, child, lines, path, done: () => jobs(/ done$/), says: pattern => lines().filter(({ msg }) => pattern.test(msg)).length };
};

const until = async (what, test, { ms = 120_000, alive = () => true } = {}) => {
  const end = performance.now() + ms;
  for (;;) {
    if (await test()) return;
    if (performance.now() > end) throw new Error(`waited ${ms / 1000} s in vain for this: ${what}`);
    if (!alive()) throw new Error(`the command was over before this: ${what}`);
    await pause(100);
  }
};

const end = async (child, signal = 'SIGTERM') => {
  child.kill(signal);
  if ((await Promise.race([gone(child), pause(20_000, 'late')])) === 'late') child.kill('SIGKILL');
  await gone(child);
};

/** Two workers that serve a queue of their own, and what is known of the jobs there. */
const cluster = async (url, { workers: count = 2, env } = {}) => {
  const place = parseQueueUrl(url);
  const workers = [];
  const add = more => {
    const made = worker(url, { env, ...more });
    workers.push(made);
    return made;
  };
  for (let i = 0; i < count; i++) add();
  await until('the workers serve', () => workers.every(({ says }) => says(/^serves /) > 0));
  const queue = await inspectQueue(place);
  const jobs = openQueue(place, queue.name, () => undefined);
  const done = () => workers.flatMap(each => each.done());
  return {
    url,
    queue,
    workers,
    add,
    done,
    /** Jobs that came into the queue and were not taken away again, and those of them that are not over. */
    submitted: async () => {
      const counts = await jobs.getJobCounts();
      const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
      return { all, open: all - (counts.completed ?? 0) };
    },
    /** Jobs done twice, and how often work was given to another or tried again. */
    twice: () => done().length - new Set(done()).size,
    retried: () => workers.reduce((sum, { says }) => sum + says(/has lost its worker|is tried again|ended its thread/), 0),
    submit: (words = WALK, folder = emptyFolder('submitter')) => ({ folder, ...command(folder, words, { QUANTAI_ON: url }) }),
    close: async () => {
      await Promise.all([queue.close(), jobs.close()]);
      await Promise.all(workers.map(({ child }) => end(child)));
      for (const each of workers) each.lines();
    },
  };
};

const results = [];
/** A show's line, and whether all that it claims was so. */
const verdict = (show, on, seen, laws) => {
  const broken = Object.entries(laws).filter(([, holds]) => !holds);
  results.push({ show, on, passed: broken.length === 0 });
  say(
    `${broken.length === 0 ? 'PASS' : 'FAIL'}  ${show} on ${on}: ${seen}${broken.length === 0 ? '' : `\n          not so: ${broken.map(([law]) => law).join('; ')}`}`,
  );
};

const printTable = rows => {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => String(row[i]).length)));
  for (const row of rows)
    console.log(
      `          ${row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join('  ')}`,
    );
};

let reference;
/** The walk-forward in one process, once. */
const alone = async () => {
  if (reference !== undefined) return reference;
  const ended = await command(emptyFolder('alone'), WALK).ended;
  const document = documentOf(ended);
  reference = { text: comparable(document), fingerprint: document.fingerprint, trials: document.trials, seconds: ended.seconds };
  say(`in one process: ${document.trials} trials, fingerprint ${document.fingerprint.slice(0, 16)}, ${ended.seconds.toFixed(1)} s`);
  return reference;
};

const isSame = document => document.fingerprint === reference.fingerprint && comparable(document) === reference.text;

/** Serve a show an empty database. */
const databases = { postgres: 0, redis: 0 };
const freshDatabase = async service => {
  const number = ++databases[service.kind];
  if (service.kind === 'redis') return service.url(number);
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: service.url() });
  await client.connect();
  await client.query(`CREATE DATABASE show_${number}`);
  await client.end();
  return service.url(`show_${number}`);
};

const SHOWS = {
  walk: async (on, service) => {
    await alone();
    const c = await cluster(await freshDatabase(service));
    const [victim] = c.workers;
    const run = c.submit();
    await until('the first worker has done some jobs', () => victim.done().length >= 3, { alive: () => run.child.exitCode === null });
    victim.child.kill('SIGKILL');
    const killedAt = c.done().length;
    c.add();
    const ended = await run.ended;
    const document = documentOf(ended);
    const counts = await c.queue.counts();
    const { all: jobs, open: lost } = await c.submitted();
    const distinct = new Set(c.done()).size;
    printTable([
      ['on', 'submitted', 'done', 'done twice', 'retried', 'lost', 'in process', 'on the queue'],
      [on, jobs, distinct, c.twice(), c.retried(), lost, `${reference.seconds.toFixed(1)} s`, `${ended.seconds.toFixed(1)} s`],
    ]);
    printTable([
      ['worker', 'jobs', 'ended'],
      ...c.workers.map((each, i) => [each.name, each.done().length, i === 0 ? `kill -9 after ${killedAt} jobs of all` : 'with the show']),
    ]);
    verdict(
      'walk',
      on,
      `fingerprint ${document.fingerprint.slice(0, 16)} and the whole result as in one process; ${jobs} jobs, one worker of two killed -9`,
      {
        'the fingerprint and the result are those of one process': isSame(document),
        // A worker that is killed between a result and its line of the log has done a job that no log has.
        'all jobs were done': lost === 0 && jobs > 0 && distinct >= jobs - 1 && distinct <= jobs,
        'the job of the killed worker was given to another': c.retried() > 0,
        'nothing is left in the queue': counts.waiting === 0 && counts.active === 0 && counts.delayed === 0,
        'three workers did jobs': c.workers.every(each => each.done().length > 0),
      },
    );
    await c.close();
  },

  cancel: async (on, service) => {
    await alone();
    const c = await cluster(await freshDatabase(service));
    const empty = async () => {
      const { waiting, active, delayed } = await c.queue.counts();
      return waiting + active + delayed === 0;
    };
    const folder = emptyFolder('submitter');
    const alive = run => ({ alive: () => run.child.exitCode === null });

    const first = c.submit(WALK, folder);
    await until('some jobs are done', () => c.done().length >= 5, alive(first));
    let from = performance.now();
    first.child.kill('SIGINT');
    const interrupted = await first.ended;
    await until('the queue is empty after Ctrl-C', empty, { ms: 15_000 });
    const afterFirst = c.done().length;
    verdict(
      'cancel, Ctrl-C',
      on,
      `exit code ${interrupted.code}, the queue empty ${((performance.now() - from) / 1000).toFixed(1)} s later, ${afterFirst} jobs were done`,
      { 'exit code 130': interrupted.code === 130, 'no run waits any more': (await c.queue.runs()).length === 0 },
    );

    const second = c.submit(WALK, folder);
    await until('the second run does more jobs', () => c.done().length >= afterFirst + 5, alive(second));
    const [{ name }] = await c.queue.runs();
    from = performance.now();
    const cancel = await command(emptyFolder('colleague'), ['jobs', 'cancel', name], { QUANTAI_ON: c.url }).ended;
    const cancelled = await second.ended;
    const seconds = (performance.now() - from) / 1000;
    await until('the queue is empty after jobs cancel', empty, { ms: 15_000 });
    const afterSecond = c.done().length;
    verdict(
      'cancel, jobs cancel',
      on,
      `"${name}" ended ${seconds.toFixed(1)} s after the command: ${cancelled.err.match(/[^\n]*was cancelled[^\n]*/)?.[0] ?? cancelled.err.slice(-300)}`,
      {
        'the command says how many jobs': cancel.code === 0 && JSON.parse(cancel.out).jobs >= 0,
        'the run fails and says why': cancelled.code === 1 && cancelled.out.includes('cancelled'),
      },
    );

    const ended = await c.submit(WALK, folder).ended;
    const document = documentOf(ended);
    const now = c.done().length - afterSecond;
    verdict(
      'resume',
      on,
      `the same command, a third time: ${now} jobs done now, ${afterSecond} reused of the runs that were ended, ${c.twice()} done twice`,
      {
        'the fingerprint is that of one process': document.fingerprint === reference.fingerprint,
        'no job was done twice': c.twice() === 0,
        'jobs were reused': afterSecond > 0,
      },
    );
    await c.close();
  },

  duplicate: async (on, service) => {
    await alone();
    const c = await cluster(await freshDatabase(service));
    const runs = [c.submit(), c.submit()];
    const documents = (await Promise.all(runs.map(run => run.ended))).map(documentOf);
    const { all } = await c.submitted();
    verdict(
      'duplicate',
      on,
      `two submitted the same ${all} jobs at once; ${c.done().length} were done, ${c.twice()} twice; both have the result`,
      {
        'both results are those of one process': documents.every(isSame),
        'each job was done once': c.twice() === 0 && c.done().length > 0,
        'as many were done as one of them asks for': c.done().length === all,
      },
    );
    await c.close();
  },

  memory: (on, service) => poisoned(on, service, 'greedy'),
  poison: (on, service) => poisoned(on, service, 'endless'),
  kill: (on, service) => restarted('database killed -9', on, service, () => service.kill('SIGKILL')),
  restart: (on, service) => restarted('database restarted', on, service, () => service.shutdown()),
};

/** A job that takes workers with it: `greedy` fills the memory of its thread, `endless` is killed from outside each time it runs. */
async function poisoned(on, service, strategy) {
  const c = await cluster(await freshDatabase(service), { env: { NODE_OPTIONS: '--max-old-space-size=160' } });
  const folder = emptyFolder('submitter');
  const poisonous = name =>
    writeFileSync(
      join(folder, `${name}.ts`),
      `import { defineStrategy, int } from 'quantai-trad';

export default defineStrategy({
  name: '${name}',
  params: { x: int(1, 3, { default: 1 }) },
  decide: (_bar, _indicators, { params }) => {
    const kept: number[][] = [];
    while (params.x === 2) ${name === 'greedy' ? 'kept.push(Array.from({ length: 10_000 }, (_, i) => i + 0.5))' : 'kept.length = 0'};
    return undefined;
  },
});
`,
    );
  const sweep = name => {
    poisonous(name);
    return c.submit(['sweep', `${name}.ts`, '--dataset', 'sample', '--points', '3'], folder);
  };
  const quarantined = async () =>
    JSON.parse((await command(folder, ['jobs', 'quarantine'], { QUANTAI_ON: c.url }).ended).out).quarantined.map(({ job, deaths }) => ({
      job,
      deaths: deaths.length,
    }));
  const healthy = (points = '2') => c.submit(['sweep', 'sma-cross', '--dataset', 'sample', '--points', points]).ended;
  const words = ({ err }) => err.match(/[^\n]*not begun again[^\n]*/)?.[0].slice(0, 260) ?? err.slice(-600);

  if (strategy === 'greedy') {
    const greedy = await sweep('greedy').ended;
    const first = await quarantined();
    const after = await healthy();
    verdict(
      'poison, memory',
      on,
      `a strategy that fills the memory: ${c.workers.reduce((sum, { says }) => sum + says(/ended its thread/), 0)} threads died, ${first.length} job set aside after ${greedy.seconds.toFixed(0)} s; another run ended with ${after.code}\n          ${words(greedy)}`,
      {
        'the run fails with poison-job': greedy.code === 1 && `${greedy.out}${greedy.err}`.includes('not begun again'),
        'one job is set aside, with three deaths': first.length === 1 && first[0].deaths === 3,
        'no worker process went with it': c.workers.every(({ child }) => child.exitCode === null && child.signalCode === null),
        'other work goes on': after.code === 0,
      },
    );

    await c.close();
    return;
  }

  // What a machine does that has no memory left: the process is killed from outside, three times, each time while it is at that job alone.
  const endless = sweep('endless');
  let kills = 0;
  while (kills < 3) {
    let victim;
    await until(
      'one worker is busy with the job that does not end',
      async () => {
        const { active, waiting, delayed } = await c.queue.counts();
        const busy = (await c.queue.workers()).filter(each => each.alive && each.busy > 0);
        victim = c.workers.find(({ name, child }) => name === busy[0]?.name && child.signalCode === null);
        return active === 1 && waiting + delayed === 0 && busy.length === 1 && victim !== undefined;
      },
      { alive: () => endless.child.exitCode === null },
    );
    victim.child.kill('SIGKILL');
    // Until it is gone it looks alive.
    await gone(victim.child);
    kills++;
    c.add();
  }
  const ended = await endless.ended;
  const both = await quarantined();
  const last = await healthy('3');
  verdict(
    'poison, process',
    on,
    `a job whose worker process is killed each time: ${kills} workers died, set aside after ${ended.seconds.toFixed(0)} s; another run ended with ${last.code}\n          ${words(ended)}`,
    {
      'the run fails with poison-job': ended.code === 1 && `${ended.out}${ended.err}`.includes('not begun again'),
      'its job is set aside, with three deaths': both.length === 1 && both[0].deaths === 3,
      'other work goes on': last.code === 0,
    },
  );
  await c.close();
}

/** The database goes down in the middle of a walk-forward and comes up two seconds later with what it had written. */
async function restarted(show, on, service, down) {
  await alone();
  const c = await cluster(await freshDatabase(service));
  const run = c.submit();
  await until('some jobs are done', () => c.done().length >= 8, { alive: () => run.child.exitCode === null });
  await down();
  const before = c.done().length;
  await pause(2000);
  await service.start();
  const back = performance.now();
  // What the workers had begun is handed in first.
  await until('a job is begun and done again', () => c.done().length > before + c.workers.length, { ms: 60_000 });
  const pausedFor = (performance.now() - back) / 1000;
  const ended = await run.ended;
  const document = documentOf(ended);
  const { all, open } = await c.submitted();
  const done = new Set(c.done()).size;
  verdict(
    show,
    on,
    `after ${before} jobs; the next was done ${pausedFor.toFixed(1)} s after it was back; ${all} jobs, ${done} done, ${c.twice()} twice, ${ended.seconds.toFixed(1)} s in all`,
    {
      'the fingerprint and the result are those of one process': isSame(document),
      // The log may name a job that the database forgot as it was killed and that was known from before when it came again; never the other way round.
      'all jobs were done': open === 0 && all > 0 && done >= all,
    },
  );
  await c.close();
}

const wished = argument('on', 'both');
const SERVERS = {
  postgres: { is: postgresPrograms() !== null, serve: servePostgres },
  redis: { is: redisProgram() !== null, serve: serveRedis },
};
const only = argument('only', Object.keys(SHOWS).join(',')).split(',');
for (const name of only) if (SHOWS[name] === undefined) throw new Error(`--only is one of ${Object.keys(SHOWS).join(', ')}, not ${name}`);

const services = [];
let isInterrupted = false;
const tidy = async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([...children].map(gone));
  for (const service of services) await service.stop();
  if (!process.argv.includes('--keep')) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
};
process.once('SIGINT', () => {
  isInterrupted = true;
  void tidy().finally(() => process.exit(130));
});

for (const on of wished === 'both' ? ['postgres', 'redis'] : [wished]) {
  if (!SERVERS[on].is) {
    say(`there is no ${on} on this machine: its shows are left out`);
    continue;
  }
  const service = await SERVERS[on].serve();
  services.push(service);
  for (const name of only) {
    if (isInterrupted) break;
    try {
      await SHOWS[name](on, service);
    } catch (error) {
      verdict(name, on, error instanceof Error ? error.message : String(error), { 'it came to its end': false });
      for (const child of children) child.kill('SIGKILL');
      await Promise.all([...children].map(gone));
      await service.start().catch(() => undefined);
    }
  }
  await service.stop();
}
await tidy();
if (warnings.size > 0) verdict('warnings of Node', 'all', [...warnings].join('; '), { 'no process printed one': false });
const failed = results.filter(({ passed }) => !passed).length;
say(`${results.length - failed} of ${results.length} passed`);
process.exit(failed > 0 || results.length === 0 ? 1 : 0);
