import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai watch`. */
export interface WatchAccountArguments extends GlobalOptions {
  readonly promotion: string;
  readonly out?: string | undefined;
}

/** `quantai watch <promotion>` */
export const watchAccount: CommandModule<GlobalOptions, WatchAccountArguments> = {
  command: 'watch <promotion>',
  describe: 'Compare what a promoted strategy did with what its walk-forward let expect, as a page',
  builder: cli =>
    cli
      .positional('promotion', { type: 'string', demandOption: true, describe: 'Promotion, or its strategy, as in `quantai promote`' })
      .option('out', {
        type: 'string',
        normalize: true,
        describe: 'File of the page',
        defaultDescription: 'live/<account>/watch-<promotion>.html',
      })
      .example('$0 watch sma-cross', 'profit, cone, share of wins, slippage and drift, each in a sentence')
      .example('$0 watch sma-cross --json', 'the same for programs')
      .epilogue('A running session judges the same each day and acts on it; this only looks. See docs/watch.md.'),
  handler: async args => {
    await (await import('./run-watch-account.js')).runWatchAccount(args);
  },
};
