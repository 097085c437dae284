import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withSessionOptions, type SessionArguments } from './session-options.js';

/** `quantai paper <strategies..>` */
export const paper: CommandModule<GlobalOptions, SessionArguments> = {
  command: 'paper <strategies..>',
  describe: 'Trade on live market data with a simulated account',
  builder: cli =>
    withSessionOptions(cli)
      .example('$0 paper sma-cross --symbols BTC/USDT:USDT --timeframe 1m', 'on the market of Binance, without keys')
      .example('$0 paper sma-cross --venue practice --symbols BTC/USDT:USDT', 'on the exchange that quantai practice runs')
      .epilogue('Orders match by the same code as in a backtest, fed by what arrives. A session goes on where it stopped.'),
  handler: async args => (await import('./run-session.js')).runPaper(args),
};
