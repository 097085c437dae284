import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import type { SessionNamed } from './status.js';

/** What `quantai limits` is given. */
export interface LimitsArguments extends SessionNamed {
  readonly set?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

/** `quantai limits` */
export const limits: CommandModule<GlobalOptions, LimitsArguments> = {
  command: 'limits',
  describe: 'Show the risk limits of running sessions, or change them',
  builder: cli =>
    cli
      .option('account', { type: 'string', describe: 'One account; all of the workspace by default' })
      .option('venue', { type: 'string', describe: 'Its venue, where an account of that name is on several' })
      .option('set', { type: 'string', array: true, describe: 'maxExposure=0.5; repeatable. `off` takes a limit away' })
      .option('reason', { type: 'string', describe: 'Why; whatever is not plainly tighter needs one' })
      .example('$0 limits --account main', 'the limits as they are')
      .example('$0 limits --account main --set maxExposure=0.5', 'tighter: at once')
      .example('$0 limits --account main --set maxExposure=2 --reason "after the event"', 'looser: with a reason, for the journal'),
  handler: async args => (await import('./run-limits.js')).runLimits(args),
};
