import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai lake` is given. */
export interface LakeArguments extends GlobalOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string | undefined;
  readonly 'open-reads': boolean;
  readonly prune?: string | undefined;
}

/** `quantai lake` */
export const lake: CommandModule<GlobalOptions, LakeArguments> = {
  command: 'lake',
  describe: "Serve this workspace's lake, from which workers and colleagues fetch data by its hash",
  builder: cli =>
    cli
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'Address to listen on; one that others reach needs a token' })
      .option('port', { type: 'number', default: 7420, describe: 'Port; 0 takes a free one' })
      .option('token', {
        type: 'string',
        describe: 'What readers and writers must know; better set QUANTAI_LAKE_TOKEN, which other users of the machine do not see',
      })
      .option('open-reads', { type: 'boolean', default: false, describe: 'Reading needs no token' })
      .option('prune', { type: 'string', describe: 'Serve nothing; remove what no run used for this long, such as 30d. Datasets stay' })
      .example('$0 lake', 'for this machine, to read from')
      .example('QUANTAI_LAKE_TOKEN=… $0 lake --host 0.0.0.0', 'for workers on other machines')
      .example('$0 lake --prune 30d', 'free the space of old runs'),
  handler: async args => (await import('./run-lake.js')).runLake(args),
};
