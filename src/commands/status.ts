import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** Which session. */
export interface SessionNamed extends GlobalOptions {
  readonly account?: string | undefined;
  readonly venue?: string | undefined;
}

/** `quantai status` */
export const status: CommandModule<GlobalOptions, SessionNamed> = {
  command: 'status',
  describe: 'What the sessions of this workspace are doing',
  builder: cli =>
    cli
      .option('account', { type: 'string', describe: 'One account; all of the workspace by default' })
      .option('venue', { type: 'string', describe: 'Its venue, where an account of that name is on several' })
      .example('$0 status', 'every session')
      .example('$0 status --account main --json', 'one of them, for a script'),
  handler: async args => (await import('./run-status.js')).runStatus(args),
};
