import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CommandOutcome, CommandProgress, RunningCommand } from '../../dashboard/platform.js';
import { isProgress } from '../heard-progress.js';

/** A command to be begun in a process of its own, and who hears of it. */
export interface BegunCommand {
  readonly entry: URL;
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (progress: CommandProgress) => void;
  readonly line: (line: string) => void;
  /** From being asked to stop until it is told to, and from there until it is ended, ms. */
  readonly patienceMs?: number;
}

const BACKGROUND = 10;
const PATIENCE_MS = 10_000;
const INTERRUPTED = 130;
/** Of what was said, as much as an error needs. */
const KEPT = 20_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Begins a command in a process of its own. It never rejects: what cannot be started has ended with code 1. */
export const beginCommand = ({ entry, argv, folder, env, progress, line, patienceMs = PATIENCE_MS }: BegunCommand): RunningCommand => {
  const child = spawn(process.execPath, ['--max-semi-space-size=64', fileURLToPath(entry), ...argv], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined)
    try {
      // Sessions that trade, and whoever looks at them, go first.
      setPriority(child.pid, BACKGROUND);
    } catch {
      // It has ended already, or the system keeps no priorities.
    }
  const out: Buffer[] = [];
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', text => {
      said = `${said}${text}\n`.slice(-KEPT);
      line(text);
    });
  child.on('message', message => {
    if (isProgress(message)) progress(message);
  });
  const ended = new Promise<CommandOutcome>(resolve => {
    const end = (exitCode: number): void => {
      clearTimeout(timer);
      resolve({ exitCode, document: parsed(Buffer.concat(out).toString('utf8')), said });
    };
    child.on('error', error => {
      said += `${error.message}\n`;
      if (child.pid === undefined) end(1);
    });
    child.on('close', (code, signal) => {
      if (code === null) said += `It was ended by ${signal ?? 'a signal'}.\n`;
      end(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? INTERRUPTED : 1));
    });
  });
  const press = ([signal, ...rest]: readonly NodeJS.Signals[]): void => {
    if (signal === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    timer = setTimeout(() => press(rest), patienceMs);
  };
  return {
    pid: child.pid ?? null,
    ended,
    cancel: () => {
      if (timer === undefined) press(['SIGINT', 'SIGTERM', 'SIGKILL']);
    },
  };
};
