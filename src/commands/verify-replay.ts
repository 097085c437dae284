import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly run: string;
}

/** `quantai verify replay <run>` */
export const verifyReplay: CommandModule<GlobalOptions, Args> = {
  command: 'replay <run>',
  describe: 'Decide a backtest again from its journal and compare it fact by fact',
  builder: cli =>
    cli
      .positional('run', { type: 'string', demandOption: true, describe: 'Run id, or its beginning' })
      .example('$0 verify replay sma-cross-btc-3f9a12cd', 'which fact is the first to differ, if one does?')
      .example('$0 verify replay sma-cross-btc-3f9a12cd --json', 'the same, for a script'),
  handler: async args => (await import('./replay-run.js')).replayRun(args),
};
