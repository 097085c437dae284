import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai approve` is given. */
export interface ApproveArguments extends GlobalOptions {
  readonly request?: string | undefined;
  readonly confirm?: string | undefined;
  readonly signature?: string | undefined;
  readonly print: boolean;
}

/** `quantai approve [request]` */
export const approve: CommandModule<GlobalOptions, ApproveArguments> = {
  command: 'approve [request]',
  describe: 'Approve what another person asks for; alone: what waits',
  builder: cli =>
    cli
      .positional('request', { type: 'string', describe: 'Id of the request, or the beginning of it' })
      .option('confirm', { type: 'string', describe: 'The sentence that is asked for, where there is no terminal' })
      .option('signature', { type: 'string', describe: 'A signature over the request’s text that was made elsewhere, base64' })
      .option('print', { type: 'boolean', default: false, describe: 'Print the request’s text, to be signed on another machine' })
      .example('$0 approve', 'requests that wait, with what is to be typed')
      .example('$0 approve 3f9a12cd04be --as bob', 'read, type the sentence, sign')
      .example('$0 approve 3f9a12cd04be --print', 'its text: sign exactly these bytes, without a line break at the end')
      .epilogue(
        'A request is good for one step, for a time, with the terms that it names. Approving one’s own, twice, too late, without the role or after anything has changed is refused with exit code 4 and recorded.',
      ),
  handler: async args => (await import('./run-approve.js')).runApprove(args),
};
