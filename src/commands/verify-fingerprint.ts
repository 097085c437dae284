import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly run: string;
}

/** `quantai verify fingerprint <run>` */
export const verifyFingerprint: CommandModule<GlobalOptions, Args> = {
  command: 'fingerprint <run>',
  describe: 'Run a backtest again from its manifest and compare fingerprints',
  builder: cli =>
    cli
      .positional('run', { type: 'string', demandOption: true, describe: 'Run id, or its beginning' })
      .example('$0 verify fingerprint sma-cross-btc-3f9a12cd', 'the same code, data and seed give the same run'),
  handler: async args => (await import('./repeat-run.js')).repeatRun(args),
};
