import { execFile } from 'node:child_process';
import { stat, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isPortFree } from '../dashboard/server/free-port.js';
import { note, ok, wrong, type Check } from './doctor-check.js';
import { bytes } from './figures.js';
import type { Workspace } from './workspace.js';

/** Where the dashboard listens if nothing else is said. */
export const DASHBOARD_PORT = 4780;

const GIB = 2 ** 30;

const nodeVersion = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok('node', process.version)
    : wrong('node', `${process.version} is too old`, 'Install Node 20.19 or newer.');
};

const cores = (): Check => {
  const count = availableParallelism();
  return count > 1 ? ok('cores', String(count)) : note('cores', 'one: searches and sessions share it', 'Run one thing at a time.');
};

const memory = (): Check => {
  const text = `${bytes(totalmem())}, ${bytes(freemem())} of it free`;
  return totalmem() >= 2 * GIB
    ? ok('memory', text)
    : note('memory', `${text}: little for long histories`, 'Use longer bars or a shorter --from … --to.');
};

const disk = async ({ root }: Workspace): Promise<Check> => {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  const text = `${bytes(free)} free for ${root}`;
  if (free < GIB / 10) return wrong('disk', text, 'Free some: a journal that cannot be written stops its session. See `quantai data gc`.');
  return free < 2 * GIB ? note('disk', text, 'Free some before a long session captures its market data.') : ok('disk', text);
};

/** Signed requests carry a time, and a venue refuses those that are seconds away from its own. */
const clock = async (): Promise<Check> => {
  const fix = 'Switch time synchronisation on, e.g. `timedatectl set-ntp true`: venues refuse orders of a clock that is seconds off.';
  const { mtimeMs } = await stat(fileURLToPath(new URL('../../package.json', import.meta.url)));
  if (Date.now() < mtimeMs - 86_400_000) return wrong('clock', `${new Date().toISOString()} is before this program was installed`, fix);
  try {
    const words = ['show', '--property=NTPSynchronized', '--value'];
    const { stdout } = await promisify(execFile)('timedatectl', words, { timeout: 2_000 });
    return stdout.trim() === 'yes'
      ? ok('clock', 'is kept right by the network')
      : note('clock', 'is not kept right by the network, as far as the system says', fix);
  } catch {
    return note('clock', 'whether it is kept right cannot be told here', 'A live session compares it with the venue’s when it starts.');
  }
};

const port = async (number: number): Promise<Check> => {
  const name = `port ${number}`;
  return (await isPortFree(number))
    ? ok(name, 'is free for the dashboard')
    : note(
        name,
        'is taken, maybe by a dashboard that runs',
        'Open http://127.0.0.1:4780, or start another on a port of its own: --port 4781.',
      );
};

/** Node, processor, memory, disk, clock and the dashboard's port. */
export const examineMachine = async (workspace: Workspace): Promise<readonly Check[]> => [
  nodeVersion(),
  cores(),
  memory(),
  ...(await Promise.all([disk(workspace), clock(), port(DASHBOARD_PORT)])),
];
