import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failed } from '../../errors.js';
import type { ToCommandWorker, WorkerAnswer } from './command-worker.js';

/** A warm process that runs one command at a time. */
export interface CommandLane {
  /** Rejects with `too-slow` after the patience, and when the process dies; then the lane is over. */
  run(argv: readonly string[], passphrase: string | null): Promise<WorkerAnswer>;
  /** Whether it takes no further command: it died, did not answer in time, or has run long enough. */
  isOver(): boolean;
  close(): Promise<void>;
}

/** What lanes are made with. */
export interface LaneOptions {
  readonly entry: URL;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Until a caller is told that it takes too long, ms. */
  readonly patienceMs: number;
  /** After so many commands, or with so many megabytes in use, a process is replaced. */
  readonly commands: number;
  readonly heapMb: number;
}

/** An answer that needs more than this ends its process, and not the server. */
const LARGEST_MB = 1024;
/** What was told to stop may be writing: it is ended by force only after this. */
const GRACE_MS = 5000;

/**
 * Begins a process. Not a thread: one that is ended while DuckDB works takes the whole server down with it, and leaves its locks to nobody. It keeps the server alive only while a command runs in it.
 */
export const commandLane = ({ entry, folder, env, patienceMs, commands, heapMb }: LaneOptions): CommandLane => {
  const child = spawn(process.execPath, [`--max-old-space-size=${LARGEST_MB}`, fileURLToPath(entry)], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let waiting: { readonly resolve: (answer: WorkerAnswer) => void; readonly reject: (error: unknown) => void } | null = null;
  let [isOver, done] = [false, 0];
  let gone = (): void => undefined;
  const exited = new Promise<void>(resolve => (gone = resolve));

  const rest = (): void => {
    child.unref();
    child.channel?.unref();
  };
  const lost = (text: string): void => {
    isOver = true;
    waiting?.reject(failed('command-lost', `The command ended without an answer: ${text}.`, 'Ask again, for less.'));
    waiting = null;
  };
  child.on('message', (answer: WorkerAnswer) => {
    done += 1;
    // A module that could not be loaded once fails in that process for ever.
    isOver ||= done >= commands || answer.heapMb > heapMb || (answer.failure !== null && answer.failure.exitCode === null);
    waiting?.resolve(answer);
    waiting = null;
    rest();
  });
  child.on('error', error => {
    lost(error.message);
    if (child.pid === undefined) gone();
  });
  child.on('exit', (code, signal) => {
    lost(`its process ended with ${signal ?? `code ${code}`}`);
    gone();
  });
  rest();
  const end = async (): Promise<void> => {
    isOver = true;
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await exited;
    clearTimeout(force);
  };

  return {
    run: (argv, passphrase) =>
      new Promise<WorkerAnswer>((resolve, reject) => {
        const patience = setTimeout(() => {
          waiting = null;
          void end();
          reject(failed('too-slow', `There was no answer within ${patienceMs / 1000} s.`, 'Ask for less, or on the command line.'));
        }, patienceMs);
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            clearTimeout(patience);
            settle(value);
          };
        waiting = { resolve: settled(resolve), reject: settled(reject) };
        child.ref();
        child.channel?.ref();
        const message: ToCommandWorker = { say: 'run', argv, passphrase };
        child.send(message, error => {
          if (error !== null) lost(error.message);
        });
      }),
    isOver: () => isOver,
    close: end,
  };
};
