import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly runs: readonly string[];
  readonly out?: string | undefined;
}

/** `quantai compare <runs…>` */
export const compare: CommandModule<GlobalOptions, Args> = {
  command: 'compare <runs..>',
  describe: 'Put two or more runs side by side',
  builder: cli =>
    cli
      .positional('runs', { type: 'string', array: true, demandOption: true, describe: 'Run ids, or their beginnings' })
      .option('out', { type: 'string', normalize: true, describe: 'File of the page', defaultDescription: 'reports/compare-….html' })
      .example('$0 compare sma-cross-btc-3f9a12cd donchian-breakout-btc-77b0c1de', 'which one, and why'),
  handler: async args => (await import('./compare-runs.js')).compareRuns(args),
};
