import { UserError } from '../errors.js';
import { strategyError } from './strategy-error.js';
import { terminal } from './terminal.js';

/**
 * Awaits an experiment whose finished jobs are kept. An interrupt rejects with `done`, what is kept so far in a sentence, and with how to go on; an exception of the strategy's own code with its
 * place in one of its `files`.
 */
export const keptWork = async <R>(work: Promise<R>, files: readonly string[], done: () => string): Promise<R> => {
  try {
    return await work;
  } catch (error) {
    throw terminal().signal.aborted
      ? new UserError('interrupted', done(), 130, 'Run the same command again: it goes on from there.')
      : await strategyError(error, files);
  }
};
