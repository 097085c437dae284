import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LiveClock } from '../live/live-clock.js';
import { askSession } from '../live/session/socket-lock.js';
import { watchdogPlace } from '../live/watchdog/watchdog-place.js';
import { handoverText, type Handover } from './watchdog-handover.js';

/** A session's watchdog, in a process of its own. */
export interface SessionWatchdog {
  /** The session ends in order: the watchdog has nothing to take back. */
  release(epoch: number): Promise<void>;
  /** The session does not begin because another holds the account: that one is not ours to watch. */
  dismiss(): void;
}

export interface SessionWatchdogOptions {
  readonly workspace: string;
  readonly account: string;
  readonly venue: string;
  readonly handover: Handover;
  /** Words for its command line; nothing secret. */
  readonly options: readonly string[];
  readonly clock: LiveClock;
  /** It has ended although the session goes on. */
  readonly onLost: (text: string) => void;
}

/** The built command line; under a test runner the sources are run, and the build is beside them. */
const CLI = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/cli.js' : '../cli.js', import.meta.url));

const RELEASE_MS = 3_000;
const AGAIN_MS = 5_000;
/** Starts after which it is left alone: something is wrong that another start does not mend. */
const STARTS = 5;

/** Starts the watchdog of a session. It has no terminal, outlives the session, and gets its keys over a pipe: not by its arguments or its environment, which others can read, and not by a file. */
export const sessionWatchdog = (options: SessionWatchdogOptions): SessionWatchdog => {
  const { workspace, account, venue, handover, clock, onLost } = options;
  let child: ChildProcess | null = null;
  let isOver = false;
  let starts = 0;
  const start = (): void => {
    starts++;
    const words = ['watchdog', '--handed', '--account', account, '--workspace', workspace, '--no-progress', ...options.options];
    const made = spawn(process.execPath, [CLI, ...words], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    child = made;
    const lost = (text: string): void => {
      if (isOver || child !== made) return;
      child = null;
      onLost(text);
      if (starts < STARTS) clock.after(AGAIN_MS, () => void (isOver || start()));
    };
    made.on('error', error => lost(error.message));
    made.on('exit', (code, signal) => lost(`it has ended with ${code ?? signal}`));
    made.stdin?.on('error', () => {});
    made.stdin?.end(handoverText(handover));
    made.unref();
  };
  start();
  return {
    release: async epoch => {
      isOver = true;
      await askSession(venue, watchdogPlace(account), { ask: 'release', epoch }, RELEASE_MS);
    },
    dismiss: () => {
      isOver = true;
      child?.kill();
    },
  };
};
