import type { Argv } from 'yargs';

/** Where jobs are done: by threads of this process, or by the workers of a queue. */
export interface ClusterOptions {
  readonly on?: string | undefined;
  readonly lake?: string | undefined;
  readonly priority?: 'high' | 'normal' | 'low' | undefined;
  readonly 'audit-share'?: number | undefined;
}

/** `--on` as every verb that takes one has it. */
export const ON = {
  type: 'string',
  describe: 'Queue whose workers do the jobs: postgres://… or redis://…; none for this machine (or set QUANTAI_ON)',
} as const;

/** Declare them. */
export const withClusterOptions = <T>(cli: Argv<T>): Argv<T & ClusterOptions> =>
  cli
    .option('on', ON)
    .option('lake', {
      type: 'string',
      describe: 'Where workers find data: a folder that all machines see, or an address (or set QUANTAI_LAKE)',
      defaultDescription: 'lake/ of the workspace',
    })
    .option('priority', {
      choices: ['high', 'normal', 'low'] as const,
      describe: 'Share of the workers beside other runs: 4, 1 or 1/4',
      defaultDescription: 'normal',
    })
    .option('audit-share', { type: 'number', describe: 'Share of the jobs done twice by different workers and compared, e.g. 0.02' })
    .group([], 'Options:')
    .group(['on', 'lake', 'priority', 'audit-share'], 'Cluster:');

/** Options that say where jobs are done, with their values left out of what tells how to make a run again: results are the same anywhere, and an address may hold a password. */
export const CLUSTER_WORDS: ReadonlySet<string> = new Set(['on', 'lake', 'priority', 'audit-share']);
