import type { CommandModule } from 'yargs';
import { ON } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';

/** Arguments of every `quantai jobs …`. */
export interface JobsArguments extends GlobalOptions {
  readonly on?: string | undefined;
}

/** Arguments of `quantai jobs cancel`. */
export interface CancelArguments extends JobsArguments {
  readonly run: string;
}

/** Arguments of `quantai jobs release`. */
export interface ReleaseArguments extends JobsArguments {
  readonly id: string;
}

const list: CommandModule<JobsArguments, JobsArguments> = {
  command: 'list',
  describe: 'Runs that wait for jobs, and how many jobs are where',
  builder: cli => cli.example('$0 jobs list', 'who waits for what').example('$0 jobs list --json', 'for a script'),
  handler: async args => (await import('./run-jobs.js')).listJobs(args),
};

const cancel: CommandModule<JobsArguments, CancelArguments> = {
  command: 'cancel <run>',
  describe: 'End a run on all machines; jobs that others wait for too go on',
  builder: cli =>
    cli
      .positional('run', {
        type: 'string',
        demandOption: true,
        describe: 'Run by its key, its name or the beginning of either, where no other run has the same',
      })
      .example('$0 jobs cancel sma-cross-btc-3f9a12cd', 'as its own Ctrl-C would')
      .example('$0 jobs cancel 77c1e05a --on redis://queue', 'by the key that jobs list shows, on another queue than the usual one'),
  handler: async args => (await import('./run-jobs.js')).cancelRun(args),
};

const quarantine: CommandModule<JobsArguments, JobsArguments> = {
  command: 'quarantine',
  describe: 'Jobs that took three workers or threads with them and are not begun again',
  builder: cli =>
    cli.example('$0 jobs quarantine', 'each with its payload and what was seen').example('$0 jobs quarantine --json', 'the payloads whole'),
  handler: async args => (await import('./run-jobs.js')).listQuarantine(args),
};

const release: CommandModule<JobsArguments, ReleaseArguments> = {
  command: 'release <id>',
  describe: 'Have a job done again when it is next asked for: one in quarantine, one whose results differed, or any by its whole id',
  builder: cli =>
    cli
      .positional('id', { type: 'string', demandOption: true, describe: 'Job, by the beginning of its id' })
      .example('$0 jobs release 3f9a12cd77e0', 'once its cause is mended')
      .example('$0 jobs release 3f9a12cd77e0 --on redis://queue', 'on another queue than the usual one'),
  handler: async args => (await import('./run-jobs.js')).releaseJob(args),
};

const alarms: CommandModule<JobsArguments, JobsArguments> = {
  command: 'alarms',
  describe: 'Jobs that gave two different results',
  builder: cli => cli.example('$0 jobs alarms', 'which worker gave which').example('$0 jobs alarms --json', 'for a script that watches'),
  handler: async args => (await import('./run-jobs.js')).listAlarms(args),
};

const workers: CommandModule<JobsArguments, JobsArguments> = {
  command: 'workers',
  describe: 'Workers that serve the queue, and when they were last seen',
  builder: cli => cli.example('$0 jobs workers', 'what each does').example('$0 jobs workers --json', 'for a script that counts threads'),
  handler: async args => (await import('./run-jobs.js')).listWorkers(args),
};

/** `quantai jobs` */
export const jobs: CommandModule<GlobalOptions, JobsArguments> = {
  command: 'jobs',
  describe: 'Look into a queue: runs, workers, jobs that were set aside',
  builder: cli =>
    cli
      .option('on', ON)
      .command(list)
      .command(cancel)
      .command(quarantine)
      .command(release)
      .command(alarms)
      .command(workers)
      .demandCommand(1, 'Say what of: list, cancel, quarantine, release, alarms or workers.')
      .example('$0 jobs list --on postgres://quantai@db/quantai', 'runs and jobs')
      .example('$0 jobs workers', 'of the queue that QUANTAI_ON names'),
  handler: () => undefined,
};
