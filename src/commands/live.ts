import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { refuseInNotebook } from './notebook-guard.js';
import { withSessionOptions, type LiveArguments } from './session-options.js';

/** `quantai live <strategies..>` */
export const live: CommandModule<GlobalOptions, LiveArguments> = {
  command: 'live <strategies..>',
  describe: 'Trade an account at a venue',
  builder: cli =>
    withSessionOptions(cli)
      .option('keys', { type: 'string', describe: 'Name of the keys, as `quantai keys list` shows them; the account’s name by default' })
      .option('key-file', { type: 'string', describe: 'A mounted secret or descriptor that holds the keys, such as /run/secrets/binance' })
      .option('sandbox', { type: 'boolean', default: false, describe: 'The venue’s demo or testnet, the step between practice and real' })
      .option('confirm', { type: 'string', describe: 'The sentence that a real venue asks for, for a session without a terminal' })
      .option('flatten-on-halt', { type: 'boolean', default: false, describe: 'A halt closes positions too; orders it always takes back' })
      .option('catastrophe-stop', {
        type: 'number',
        describe: 'Distance of the stop for positions that no other order protects, as a fraction of the entry price',
        defaultDescription: '0.1',
      })
      .option('watchdog', { type: 'boolean', default: true, describe: 'A second process that takes orders back should this one hang' })
      .option('max-loss', { type: 'string', describe: 'Loss at which the watchdog halts the account: 500, or 5% of its equity' })
      .option('watchdog-after', {
        type: 'string',
        default: '10s',
        describe: 'Without an answer for so long, the watchdog takes this session for hung',
      })
      .option('watchdog-grace', { type: 'string', default: '30s', describe: 'So long after it has died, the session may be begun again' })
      .example('$0 live sma-cross --venue practice --symbols BTC/USDT:USDT', 'on the exchange that quantai practice runs')
      .example('$0 live my.ts --venue bybit --sandbox --keys demo --symbols BTC/USDT:USDT --budget 1000', 'on the testnet')
      .epilogue(
        'A real venue asks for a typed confirmation. Start-up is recovery: the account’s journal is folded, then compared with the venue.',
      ),
  handler: async args => {
    refuseInNotebook('live');
    await (await import('./run-session.js')).runLive(args);
  },
};
