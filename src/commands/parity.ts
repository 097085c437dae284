import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** Arguments of `quantai parity`. */
export interface ParityArguments extends GlobalOptions {
  readonly account: string;
  readonly strategy?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly dataset?: string | undefined;
  readonly out?: string | undefined;
}

/** `quantai parity <account>` */
export const parity: CommandModule<GlobalOptions, ParityArguments> = {
  command: 'parity <account>',
  describe: 'Replay a paper or live session through the backtester, and say where the gap in profit comes from',
  builder: cli =>
    cli
      .positional('account', { type: 'string', demandOption: true, describe: 'Account of the session, as in `quantai status`' })
      .option('strategy', { type: 'string', describe: 'One of its strategies; all of them when left out' })
      .option('from', { type: 'string', describe: 'Judge from this moment on, UTC; the session is replayed from its start all the same' })
      .option('to', { type: 'string', describe: 'Judge up to this moment, UTC' })
      .option('dataset', {
        type: 'string',
        describe: 'Recorded history, name or name@version: what the session did not see of it is the data’s part of the gap',
      })
      .option('out', {
        type: 'string',
        normalize: true,
        describe: 'Folder for certificate and page',
        defaultDescription: 'live/<account>/parity',
      })
      .example('$0 parity paper', 'from the session’s start to its last whole bar')
      .example('$0 parity main --from 2025-06-01 --to 2025-06-02', 'one day')
      .example('$0 parity main --dataset btc --json', 'beside recorded history; ends with 1 when it is not within tolerance')
      .epilogue('Tolerance is that of the gates: promotion.live.parityBps and .unexplained of quantai.config.ts. See docs/parity.md.'),
  handler: async args => {
    await (await import('./run-parity.js')).runParity(args);
  },
};
