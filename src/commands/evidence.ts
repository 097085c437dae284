import type { CommandModule } from 'yargs';
import { withClusterOptions, type ClusterOptions } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai evidence`. */
export interface EvidenceArguments extends GlobalOptions, ClusterOptions {
  readonly run: string;
  readonly quick: boolean;
  readonly retrain: boolean;
  readonly only?: string | undefined;
  readonly workers?: number | undefined;
}

/** `quantai evidence <run>` */
export const evidence: CommandModule<GlobalOptions, EvidenceArguments> = {
  command: 'evidence <run>',
  describe: 'Say how far a run can be believed, on one page: trials counted, luck taken off, leaks and fragility looked for',
  builder: cli =>
    withClusterOptions(cli)
      .positional('run', {
        type: 'string',
        demandOption: true,
        describe: 'Run id, its beginning, or latest: a backtest, walk-forward or sweep',
      })
      .option('quick', { type: 'boolean', default: false, describe: 'Only the checks that a walk-forward makes of itself' })
      .option('only', { type: 'string', describe: 'Only these checks, by id, separated by commas; none for no check' })
      .option('retrain', { type: 'boolean', default: false, describe: 'Train models again where a check changes what they see' })
      .option('workers', { type: 'number', describe: 'Threads; the result is the same for any number', defaultDescription: 'cores' })
      .example('$0 evidence latest', 'the page of the run made last')
      .example('$0 evidence sma-cross-btc-3f9a12cd --quick', 'a minute instead of several')
      .example('$0 evidence sma-cross-btc-3f9a12cd --only cost-stress,causality', 'two checks by name')
      .example('$0 evidence sma-cross-btc-3f9a12cd --json', 'the record, for another program')
      .epilogue(
        'Writes evidence.html and evidence.json into the run’s folder. Interrupted with Ctrl-C it keeps what is done: the same command goes on from there. See docs/evidence.md.',
      ),
  handler: async args => {
    await (await import('./run-evidence.js')).runEvidence(args);
  },
};
