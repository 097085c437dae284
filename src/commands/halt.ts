import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import type { SessionNamed } from './status.js';

/** What `quantai halt` is given. */
export interface HaltArguments extends SessionNamed {
  readonly reason?: string | undefined;
  readonly flatten: boolean;
  readonly reduce: boolean;
  readonly resume: boolean;
  readonly stop: boolean;
}

/** `quantai halt` */
export const halt: CommandModule<GlobalOptions, HaltArguments> = {
  command: 'halt',
  describe: 'The kill switch: take every order back and open nothing more',
  builder: cli =>
    cli
      .option('account', { type: 'string', describe: 'One account; all of the workspace by default' })
      .option('venue', { type: 'string', describe: 'Its venue, where an account of that name is on several' })
      .option('reason', { type: 'string', describe: 'Why, for the journal; --resume needs one' })
      .option('flatten', { type: 'boolean', default: false, describe: 'Close positions at the market too' })
      .option('reduce', { type: 'boolean', default: false, describe: 'Only let nothing be opened: positions are left to their strategies' })
      .option('resume', { type: 'boolean', default: false, describe: 'Trade again after a halt' })
      .option('stop', { type: 'boolean', default: false, describe: 'End the session in order; orders and positions stay' })
      .example('$0 halt', 'at once, everything')
      .example('$0 halt --account main --flatten --reason "exchange trouble"', 'and close what is open')
      .example('$0 halt --resume --reason "looked at, fills were right"', 'go on'),
  handler: async args => (await import('./run-halt.js')).runHalt(args),
};
