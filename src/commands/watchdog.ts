import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai watchdog` is given. */
export interface WatchdogArguments extends GlobalOptions {
  readonly account: string;
  readonly keys?: string | undefined;
  readonly 'key-file'?: string | undefined;
  readonly 'max-loss'?: string | undefined;
  readonly flatten: boolean;
  readonly stops: boolean;
  readonly after: string;
  readonly grace: string;
  readonly handed: boolean;
}

/** `quantai watchdog` */
export const watchdog: CommandModule<GlobalOptions, WatchdogArguments> = {
  command: 'watchdog',
  describe: 'Watch a live session from outside, and take its orders back should it hang, die or lose too much',
  builder: cli =>
    cli
      .option('account', { type: 'string', default: 'main', describe: 'Account whose sessions are watched' })
      .option('keys', { type: 'string', describe: 'Name of its own keys; the account’s name by default' })
      .option('key-file', { type: 'string', describe: 'A mounted secret or descriptor that holds them' })
      .option('max-loss', { type: 'string', describe: 'Loss at which the account is halted: 500, or 5% of its equity' })
      .option('flatten', { type: 'boolean', default: false, describe: 'Close positions at the market too' })
      .option('stops', { type: 'boolean', default: false, describe: 'Take protective stops back too' })
      .option('after', { type: 'string', default: '10s', describe: 'Without an answer for so long, a session hangs' })
      .option('grace', { type: 'string', default: '30s', describe: 'A session that has died may be begun again within this' })
      .option('handed', { type: 'boolean', default: false, hidden: true, describe: 'Keys come from the session that begins it' })
      .example('$0 watchdog --account main --max-loss 5%', 'beside `quantai live --no-watchdog`, as a service of its own')
      .example('$0 watchdog --account main --max-loss 2% --as bob', 'under the name of a user')
      .epilogue('`quantai live` starts one by itself; this is for one that outlives it. Ctrl-C ends it and touches nothing.'),
  handler: async args => (await import('./run-watchdog.js')).runWatchdog(args),
};
