import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { refuseInNotebook } from './notebook-guard.js';

/** What `quantai rehearse` is given. */
export interface RehearseArguments extends GlobalOptions {
  readonly account: string;
  readonly venue?: string | undefined;
  readonly symbol?: string | undefined;
  readonly keys?: string | undefined;
  readonly 'key-file'?: string | undefined;
  readonly sandbox: boolean;
  readonly confirm?: string | undefined;
  readonly timer: string;
}

/** `quantai rehearse` */
export const rehearse: CommandModule<GlobalOptions, RehearseArguments> = {
  command: 'rehearse',
  describe: 'Try the kill switch and the dead man’s timer at a venue, with one small order',
  builder: cli =>
    cli
      .option('account', { type: 'string', default: 'main', describe: 'Account that it is tried with; no session may trade it meanwhile' })
      .option('venue', { type: 'string', describe: 'binanceusdm, bybit, or practice for the exchange that `quantai practice` runs' })
      .option('symbol', { type: 'string', describe: 'What the order is for', defaultDescription: 'the first of quantai.config.ts' })
      .option('keys', { type: 'string', describe: 'Name of the keys, as `quantai keys list` shows them; the account’s name by default' })
      .option('key-file', { type: 'string', describe: 'A mounted secret or descriptor that holds the keys' })
      .option('sandbox', { type: 'boolean', default: false, describe: 'The venue’s demo or testnet' })
      .option('confirm', { type: 'string', describe: 'The sentence that a real venue asks for, where there is no terminal' })
      .option('timer', { type: 'string', default: '10s', describe: 'So long the venue’s timer waits here; a session winds it up for 60s' })
      .example('$0 rehearse --account main --venue practice --symbol BTC/USDT:USDT', 'on the exchange that quantai practice runs')
      .example('$0 rehearse --account main --venue bybit --keys main --symbol BTC/USDT:USDT', 'at a real venue, with a real order')
      .epilogue(
        'The order is the smallest that the venue takes, 4 % below the market. It is taken back twice: by `quantai halt`, as in an emergency, and by the venue itself after our connection was cut. The venue is asked each time. What came of it is in the audit log, where the gates of live look for it; ends with 1 when one failed.',
      ),
  handler: async args => {
    refuseInNotebook('rehearse');
    await (await import('./run-rehearse.js')).runRehearse(args);
  },
};
