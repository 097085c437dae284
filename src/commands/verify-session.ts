import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai verify session` is given. */
export interface VerifySessionArguments extends GlobalOptions {
  readonly account: string;
  readonly dataset?: string | undefined;
}

/** `quantai verify session <account>` */
export const verifySession: CommandModule<GlobalOptions, VerifySessionArguments> = {
  command: 'session <account>',
  describe: 'Compare what a paper or live session decided with a backtest of the same time, and its ledger with the practice exchange’s',
  builder: cli =>
    cli
      .positional('account', { type: 'string', demandOption: true, describe: 'Account of the session, as in `quantai status`' })
      .option('dataset', {
        type: 'string',
        describe: 'Data that the backtest runs on: what the practice exchange played, or an imported capture',
      })
      .example('$0 verify session main --dataset btc', 'the same targets? the same money, to the unit?')
      .example('$0 verify session main --dataset live-day', 'against what the session itself received'),
  handler: async args => (await import('./check-session.js')).checkSession(args),
};
