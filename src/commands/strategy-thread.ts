import { parentPort, workerData } from 'node:worker_threads';
import type { RunnerOutput, StrategyRunner } from '../live/runner/strategy-runner.js';
import type { ToStrategyThread } from '../live/runner/worker-runner.js';
import { sessionRunner, type SessionStrategy } from './session-runner.js';

/** The thread of one strategy: it answers each message with one output, in order. */
const port = parentPort;
const opened: Promise<StrategyRunner> = sessionRunner(workerData as SessionStrategy);
let last = Promise.resolve();

const answer = (output: RunnerOutput): void => port?.postMessage(output);

const take = async (message: ToStrategyThread): Promise<void> => {
  const runner = await opened;
  if (message.say === 'stop') return runner.stop();
  return new Promise(resolve => {
    const done = (output: RunnerOutput): void => {
      answer(output);
      resolve();
    };
    if (message.say === 'start') runner.start(message.start, done);
    else runner.deliver(message.input, done);
  });
};

port?.on('message', (message: ToStrategyThread) => {
  last = last.then(() => take(message));
  last.catch((error: unknown) => {
    answer({ facts: [], requests: [], equity: NaN, failure: error instanceof Error ? error.message : String(error), untold: [] });
  });
});
