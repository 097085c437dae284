import { spawn, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { usageError } from '../errors.js';
import type { LiveClock } from '../live/live-clock.js';

/** The dashboard of a session, in a process of its own: what browsers ask for costs the session nothing. */
export interface SessionDashboard {
  /** Ends it; resolves when it is gone, or when it took too long. */
  close(): Promise<void>;
}

export interface SessionDashboardOptions {
  readonly workspace: string;
  readonly account: string;
  readonly port: number;
  /** Who begins the session: the link that is printed is for this person. */
  readonly by: string;
  readonly clock: LiveClock;
  /** Where it is, and the link that logs in once; null where nobody of that name may. */
  readonly onStarted: (url: string, link: string | null) => void;
  /** A line that it said, such as the trace of a defect. */
  readonly onSaid: (line: string) => void;
  /** It has ended although the session goes on. */
  readonly onLost: (text: string) => void;
  /** The session's own environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** The built command line; under a test runner the sources are run, and the build is beside them. */
const CLI = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/cli.js' : '../cli.js', import.meta.url));

const DEFAULT_PORT = 4780;
const AGAIN_MS = 5_000;
const CLOSE_MS = 3_000;
/** Starts after which it is left alone: something is wrong that another start does not mend. */
const STARTS = 5;
/** Bytes of its last words that are kept. */
const SAID = 2_000;

/**
 * Variables that a process needs to run at all, and none of those that may hold a venue's key, a passphrase or a token. Where the team's users are known is one of them, with the login to it: a dashboard that is not let in
 * there can ask nobody who somebody is.
 */
const HARMLESS =
  /^(PATH|HOME|USER|LOGNAME|USERNAME|USERPROFILE|SYSTEMROOT|COMSPEC|APPDATA|LOCALAPPDATA|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|XDG_\w+|PGUSER|PGPASSWORD|PGPASSFILE|PGSSL\w+|QUANTAI_USER|QUANTAI_REGISTRY)$/i;

/** What the dashboard of a session sees of the session's environment. */
export const dashboardEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => HARMLESS.test(name)));

/** The port that `--dashboard [PORT]` asks for; null where it is not given. Throws a usage error for what is no port. */
export const dashboardPort = (given: string | undefined): number | null => {
  if (given === undefined) return null;
  if (given === '') return DEFAULT_PORT;
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw usageError('bad-port', `"${given}" is no port.`, 'Write --dashboard=4780, or --dashboard alone at the end.');
};

const placeIn = (text: string): { readonly url: string; readonly link: string | null } | null => {
  try {
    const { url, link } = JSON.parse(text) as { readonly url?: unknown; readonly link?: unknown };
    return typeof url === 'string' ? { url, link: typeof link === 'string' ? link : null } : null;
  } catch {
    return null;
  }
};

/** Starts the dashboard of a session, and starts it again should it die. It gets no key: not by its arguments, not by its environment, and not over a pipe. */
export const sessionDashboard = (options: SessionDashboardOptions): SessionDashboard => {
  const { workspace, account, port, by, clock, onStarted, onSaid, onLost, env } = options;
  let child: ChildProcess | null = null;
  let isOver = false;
  let starts = 0;
  const start = (): void => {
    starts++;
    const words = [
      'dashboard',
      '--with-session',
      account,
      '--port',
      String(port),
      '--workspace',
      workspace,
      '--as',
      by,
      '--json',
      '--no-progress',
    ];
    const made = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: dashboardEnvironment(env) });
    child = made;
    try {
      // The session comes first where both want the processor.
      if (made.pid !== undefined) setPriority(made.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // Not every system allows it.
    }
    let out = '';
    let said = '';
    let isTold = false;
    made.stdout?.setEncoding('utf8').on('data', (part: string) => {
      if (isTold) return;
      out += part;
      const place = placeIn(out);
      if (place === null) return;
      isTold = true;
      onStarted(place.url, place.link);
    });
    let line = '';
    made.stderr?.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-SAID);
      const lines = `${line}${part}`.split('\n');
      line = (lines.pop() ?? '').slice(-SAID);
      lines.filter(each => each.trim() !== '').forEach(onSaid);
    });
    const lost = (text: string): void => {
      if (isOver || child !== made) return;
      child = null;
      onLost(`${text}${said.trim() === '' ? '' : `: ${said.trim().split('\n').slice(-2).join(' ')}`}`);
      if (starts < STARTS) clock.after(AGAIN_MS, () => void (isOver || start()));
    };
    made.on('error', error => lost(error.message));
    made.on('exit', (code, signal) => lost(`it has ended with ${code ?? signal}`));
    // A session that ends does not wait for it.
    made.unref();
  };
  start();
  return {
    close: async () => {
      isOver = true;
      const running = child;
      if (running === null || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise<void>(resolve => running.once('exit', () => resolve()));
      // It ends when its session lets go of it.
      if (running.connected) running.disconnect();
      const timer = setTimeout(() => running.kill('SIGKILL'), CLOSE_MS);
      await gone;
      clearTimeout(timer);
    },
  };
};
