import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly run: string;
  readonly workers?: number | undefined;
}

/** `quantai verify fingerprint <run>` */
export const verifyFingerprint: CommandModule<GlobalOptions, Args> = {
  command: 'fingerprint <run>',
  describe: 'Run a backtest, walk-forward or sweep again from its manifest and compare fingerprints',
  builder: cli =>
    cli
      .positional('run', { type: 'string', demandOption: true, describe: 'Run id, or its beginning' })
      .option('workers', {
        type: 'number',
        describe: 'Threads of a walk-forward or sweep; the result is the same for any number',
        defaultDescription: 'cores',
      })
      .example('$0 verify fingerprint sma-cross-btc-3f9a12cd', 'the same code, data and seed give the same run')
      .example('$0 verify fingerprint sma-cross-btc-91c0aa5e --workers 1', 'and so does any number of workers'),
  handler: async args => (await import('./repeat-run.js')).repeatRun(args),
};
