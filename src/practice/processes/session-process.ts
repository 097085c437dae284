import { spawn } from 'node:child_process';
import { resolve as absolute } from 'node:path';

export interface SessionProcessOptions {
  /** The built command line, `dist/cli.js`. */
  readonly cli: string;
  readonly workspace: string;
  readonly account: string;
  readonly mode: 'paper' | 'live';
  /** Names or files of strategies. */
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
  /** More words of the command line. */
  readonly more?: readonly string[];
  /** More of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A `quantai live` or `quantai paper` process. */
export interface SessionProcess {
  readonly pid: number;
  /** Resolves when it trades; rejects when it ends before. */
  readonly trading: Promise<void>;
  /** How it ended: its exit code, or −1 when a signal ended it. */
  readonly ended: Promise<number>;
  readonly isOver: boolean;
  /** The end of what it said on stderr. */
  readonly said: string;
  readonly printed: string;
  signal(name: 'SIGKILL' | 'SIGINT' | 'SIGSTOP' | 'SIGCONT'): void;
}

/** What is kept of its output. */
const KEPT = 20_000;

/** Starts a session in a process of its own. The caller ends it. */
export const sessionProcess = (options: SessionProcessOptions): SessionProcess => {
  const { cli, workspace, account, mode, strategies, symbols, more = [], environment = {} } = options;
  const words = [...strategies, '--venue', 'practice', '--workspace', workspace, '--account', account, '--symbols', symbols.join(',')];
  const child = spawn(process.execPath, [absolute(cli), mode, ...words, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: workspace,
    env: { ...process.env, TZ: 'UTC', NODE_OPTIONS: '', ...environment },
  });
  let said = '';
  let printed = '';
  let isOver = false;
  child.stderr.setEncoding('utf8');
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => (printed = (printed + text).slice(-KEPT)));
  const ended = new Promise<number>(resolve => {
    child.on('close', code => {
      isOver = true;
      resolve(code ?? -1);
    });
  });
  const trading = new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: string) => {
      said = (said + text).slice(-KEPT);
      if (/^(Live|Paper) session \d+ of account/m.test(said)) resolve();
    });
    void ended.then(code => reject(new Error(`the session ended with ${code} before it traded: ${said}`)));
  });
  // Who only kills it does not ask.
  trading.catch(() => {});
  return {
    pid: child.pid ?? -1,
    trading,
    ended,
    get isOver() {
      return isOver;
    },
    get said() {
      return said;
    },
    get printed() {
      return printed;
    },
    signal: name => {
      if (!isOver) child.kill(name);
    },
  };
};
