import type { CommandModule } from 'yargs';
import { ON } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai worker`. */
export interface WorkerArguments extends GlobalOptions {
  readonly on?: string | undefined;
  readonly lake?: string | undefined;
  readonly threads?: number | undefined;
  readonly name?: string | undefined;
  readonly cache?: string | undefined;
  readonly 'cache-gb': number;
  readonly grace: string;
  readonly verbose: boolean;
}

/** `quantai worker` */
export const worker: CommandModule<GlobalOptions, WorkerArguments> = {
  command: 'worker',
  describe: 'Do the jobs of a queue, for whoever submits to it with --on, until Ctrl-C',
  builder: cli =>
    cli
      .option('on', { ...ON, describe: 'Queue to serve: postgres://… or redis://… (or set QUANTAI_ON)' })
      .option('lake', {
        type: 'string',
        describe: 'Where this machine finds data, if not where submitters say (or set QUANTAI_LAKE)',
        defaultDescription: 'as submitters name it',
      })
      .option('threads', { type: 'number', describe: 'Jobs at once', defaultDescription: 'cores' })
      .option('name', {
        type: 'string',
        describe: 'Unique among workers; another that serves under it is refused',
        defaultDescription: 'host and process',
      })
      .option('cache', { type: 'string', normalize: true, describe: 'Folder for what is fetched', defaultDescription: '.cache/worker' })
      .option('cache-gb', { type: 'number', default: 20, describe: 'Size beyond which what was used longest ago goes' })
      .option('grace', { type: 'string', default: '10s', describe: 'How long jobs may go on after Ctrl-C before they are given back' })
      .option('verbose', { type: 'boolean', default: false, describe: 'A line for every job' })
      .example('$0 worker --on postgres://quantai@db/quantai', 'all cores of this machine; nothing else has to be set up')
      .example('QUANTAI_ON=redis://queue $0 worker --threads 4 --json', 'four jobs at once; a line of JSON per event, on stderr')
      .epilogue(
        'Takes jobs of its own version and CPU architecture only. Killed in the middle of a job, another worker does that job. See docs/cluster.md.',
      ),
  handler: async args => {
    await (await import('./run-worker.js')).runWorker(args);
  },
};
