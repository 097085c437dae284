import { Worker } from 'node:worker_threads';
import type { VenueEvent } from '../../execution/venue.js';
import type { Symbol } from '../../market/instrument.js';
import type { RunnerInput, RunnerOutput, RunnerStart, StrategyRunner } from './strategy-runner.js';

/** To a strategy's thread. */
export type ToStrategyThread =
  | { readonly say: 'start'; readonly start: RunnerStart }
  | { readonly say: 'deliver'; readonly input: RunnerInput }
  | { readonly say: 'stop' };

/** What a strategy's thread is started with; `setup` is its entry's own business. */
export interface WorkerRunnerOptions {
  readonly name: string;
  readonly tag: string;
  readonly budget: number;
  /** Symbols that its engine knows, in its order. */
  readonly symbols?: readonly Symbol[];
  /** File that the thread runs: it answers each message with one `RunnerOutput`. */
  readonly entry: URL;
  readonly setup: unknown;
  /** Megabytes of heap after which the strategy is ended. */
  readonly heapMb: number;
}

/**
 * A strategy's engine in a thread of its own: it has no key and no socket, and a strategy that never returns stops nobody else. What the thread says last before it dies is its failure.
 */
export const workerRunner = ({ name, tag, budget, symbols, entry, setup, heapMb }: WorkerRunnerOptions): StrategyRunner => {
  const waiting: { readonly done: (output: RunnerOutput) => void; readonly untold: readonly VenueEvent[] }[] = [];
  let worker: Worker | null = null;
  let isStopped = false;
  let equity = budget;

  const lost = (text: string): void => {
    if (isStopped) return;
    isStopped = true;
    // Nothing came of what it was told last.
    for (const { done, untold } of waiting.splice(0)) done({ facts: [], requests: [], equity, failure: text, untold });
  };
  const open = (): Worker => {
    const made = new Worker(entry, {
      workerData: setup,
      // A strategy sees no variable of the environment: a key may be among them.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    made.on('message', (output: RunnerOutput) => {
      equity = output.equity;
      waiting.shift()?.done(output);
    });
    made.on('error', error => lost(error instanceof Error ? error.message : String(error)));
    made.on('exit', code => lost(`its thread ended with code ${code}`));
    return made;
  };
  const post = (message: ToStrategyThread, done: (output: RunnerOutput) => void): void => {
    const untold = message.say === 'deliver' && message.input.input === 'answers' ? message.input.events : [];
    if (isStopped) return done({ facts: [], requests: [], equity, failure: 'its thread has ended', untold });
    waiting.push({ done, untold });
    worker?.postMessage(message);
  };
  return {
    name,
    tag,
    budget,
    ...(symbols && { symbols }),
    start: (start, done) => {
      worker = open();
      post({ say: 'start', start }, done);
    },
    deliver: (input, done) => post({ say: 'deliver', input }, done),
    stop: async () => {
      isStopped = true;
      await worker?.terminate();
    },
  };
};
