// PostgreSQL and Redis on loopback, of the programs that Debian's packages bring: for tests, for .ci/run and for the scripts that show what a cluster does. `node scripts/services.mjs` serves both until it is told to
// end, and prints where they are as lines for a shell.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Where Debian puts PostgreSQL's programs, by version. */
const POSTGRES_HOME = '/usr/lib/postgresql';

export const postgresPrograms = () => {
  if (!existsSync(POSTGRES_HOME)) return null;
  const version = readdirSync(POSTGRES_HOME).sort((a, b) => Number(b) - Number(a))[0];
  const programs = version === undefined ? '' : join(POSTGRES_HOME, version, 'bin');
  return existsSync(join(programs, 'initdb')) ? programs : null;
};

export const redisProgram = () => ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(path => existsSync(path)) ?? null;

export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** PostgreSQL refuses root: it runs as the user that Debian made for it. */
export const postgresOwner = () => {
  if (process.getuid?.() !== 0) return {};
  const ids = flag => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: ids('-u'), gid: ids('-g') };
};

/** A folder with a database that was never started, of the user `quantai`, who needs no password. */
export const makePostgres = () => {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('there is no PostgreSQL on this machine');
  const owner = postgresOwner();
  // Not in the folder for temporary files of root, which only root may enter.
  const home = mkdtempSync(join('uid' in owner ? '/tmp' : tmpdir(), 'quantai-pg-'));
  const data = join(home, 'data');
  if ('uid' in owner) chownSync(home, owner.uid, owner.gid);
  const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-U', 'quantai', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'], {
    ...owner,
    cwd: home,
    encoding: 'utf8',
  });
  if (made.status !== 0) {
    rmSync(home, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not be made: ${made.stderr}`);
  }
  return { programs, owner, home, data };
};

/** No flush: what the process wrote is kept by the system when the process is killed, and a machine that loses power takes the test with it. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'shared_buffers=64MB', 'unix_socket_directories='];

export const postgresWords = ({ programs, data }, address, port) => [
  join(programs, 'postgres'),
  '-D',
  data,
  '-p',
  String(port),
  '-h',
  address,
  ...SETTINGS.flatMap(each => ['-c', each]),
];

const hasEnded = child => child.exitCode !== null || child.signalCode !== null;

export const gone = child => (hasEnded(child) ? Promise.resolve() : new Promise(resolve => child.once('exit', () => resolve())));

const ANSWER_MS = 30_000;

/** A server that may be ended by any signal and started again on what it has written. */
const serving = async ({ kind, port, url, home, begin, isThere, crash, shutdown }) => {
  let child;
  const start = async () => {
    child = begin();
    const end = performance.now() + ANSWER_MS;
    while (!(await isThere())) {
      if (performance.now() > end) throw new Error(`${kind} does not answer`);
      // One that was killed leaves processes behind that hold its memory for a moment.
      if (hasEnded(child)) child = begin();
      await pause(50);
    }
  };
  const end = async signal => {
    if (child === undefined) return;
    child.kill(signal);
    await gone(child);
  };
  const stop = async () => {
    await end(crash);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { kind, port, url, start, kill: signal => end(signal ?? crash), shutdown: () => end(shutdown), stop };
};

export const servePostgres = async () => {
  const made = makePostgres();
  const port = await freePort();
  const ready = join(made.programs, 'pg_isready');
  return serving({
    kind: 'postgres',
    port,
    url: database => `postgres://quantai@127.0.0.1:${port}/${database ?? 'postgres'}`,
    home: made.home,
    begin: () => {
      const [program, ...words] = postgresWords(made, '127.0.0.1', port);
      return spawn(program, words, { ...made.owner, cwd: made.home, stdio: 'ignore' });
    },
    isThere: () => Promise.resolve(spawnSync(ready, ['-h', '127.0.0.1', '-p', String(port), '-q']).status === 0),
    crash: 'SIGQUIT',
    shutdown: 'SIGINT',
  });
};

/** Whether Redis on a port has read its file and answers. */
const answersPing = port =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = answer => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', data => end(String(data).startsWith('+PONG')));
    socket.once('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });

export const serveRedis = async () => {
  const program = redisProgram();
  if (program === null) throw new Error('there is no Redis on this machine');
  const home = mkdtempSync(join(tmpdir(), 'quantai-redis-'));
  const port = await freePort();
  const words = { port, bind: '127.0.0.1', dir: home, save: '', appendonly: 'yes', appendfsync: 'no', databases: 1000 };
  return serving({
    kind: 'redis',
    port,
    url: database => `redis://127.0.0.1:${port}/${database ?? 0}`,
    home,
    // Every write is in the file before it is answered: what a restart must not lose.
    begin: () =>
      spawn(
        program,
        Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]),
        { stdio: 'ignore' },
      ),
    isThere: () => answersPing(port),
    crash: 'SIGKILL',
    shutdown: 'SIGTERM',
  });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = [];
  const told = new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => resolve());
  });
  for (const [name, title, serve] of [
    ['QUANTAI_TEST_POSTGRES', 'PostgreSQL', servePostgres],
    ['QUANTAI_TEST_REDIS', 'Redis', serveRedis],
  ])
    try {
      const service = await serve();
      started.push(service);
      console.log(`export ${name}=${service.url()}`);
    } catch (error) {
      console.log(`echo '${title} could not be started: its tests will be skipped.'`);
      console.error(error instanceof Error ? error.message : error);
    }
  console.log('# ready');
  await told;
  await Promise.all(started.map(service => service.stop()));
  process.exit(0);
}
