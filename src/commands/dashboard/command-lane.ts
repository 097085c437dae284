import { Worker } from 'node:worker_threads';
import { failed } from '../../errors.js';
import type { ThreadAnswer, ToCommandThread } from './command-thread.js';

/** A thread that runs one command at a time. */
export interface CommandLane {
  /** Rejects with `too-slow` after the patience, and when the thread dies; then the lane is over. */
  run(argv: readonly string[], passphrase: string | null): Promise<ThreadAnswer>;
  /** Whether it takes no further command: it died, did not answer in time, or has run long enough. */
  isOver(): boolean;
  close(): Promise<void>;
}

/** What lanes are made with. */
export interface LaneOptions {
  readonly entry: URL;
  readonly env: NodeJS.ProcessEnv;
  /** Until a caller is told that it takes too long, ms. */
  readonly patienceMs: number;
  /** After so many commands, or with so many megabytes in use, a thread is replaced. */
  readonly commands: number;
  readonly heapMb: number;
}

/** An answer that needs more than this ends its thread, and not the process. */
const LARGEST_MB = 1024;

/** What was told to stop may be writing: it is ended by force only after this. */
const GRACE_MS = 60_000;

/** Opens a thread. It keeps the process alive only while a command runs in it. */
export const commandLane = ({ entry, env, patienceMs, commands, heapMb }: LaneOptions): CommandLane => {
  const worker = new Worker(entry, { env, resourceLimits: { maxOldGenerationSizeMb: LARGEST_MB } });
  worker.unref();
  let waiting: { readonly resolve: (answer: ThreadAnswer) => void; readonly reject: (error: unknown) => void } | null = null;
  let [isOver, isLate, done] = [false, false, 0];

  const end = async (): Promise<void> => {
    isOver = true;
    await worker.terminate();
  };
  const lost = (text: string): void => {
    isOver = true;
    waiting?.reject(failed('command-lost', `The command ended without an answer: ${text}.`, 'Ask again.'));
    waiting = null;
  };
  worker.on('message', (answer: ThreadAnswer) => {
    worker.unref();
    done += 1;
    isOver ||= done >= commands || answer.heapMb > heapMb;
    const asked = waiting;
    waiting = null;
    asked?.resolve(answer);
    if (isLate) void end();
  });
  worker.on('error', error => lost(error instanceof Error ? error.message : String(error)));
  worker.on('exit', code => lost(`its thread ended with code ${code}`));
  const say = (message: ToCommandThread): void => worker.postMessage(message);

  return {
    run: (argv, passphrase) =>
      new Promise<ThreadAnswer>((resolve, reject) => {
        const patience = setTimeout(() => {
          [isOver, isLate] = [true, true];
          say({ say: 'abort' });
          setTimeout(() => void end(), GRACE_MS).unref();
          waiting = null;
          reject(failed('too-slow', `There was no answer within ${patienceMs / 1000} s.`, 'Ask for less, or on the command line.'));
        }, patienceMs);
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            clearTimeout(patience);
            settle(value);
          };
        waiting = { resolve: settled(resolve), reject: settled(reject) };
        worker.ref();
        say({ say: 'run', argv, passphrase });
      }),
    isOver: () => isOver,
    close: end,
  };
};
