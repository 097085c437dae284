import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai demo` is given. */
export interface DemoArguments extends GlobalOptions {
  readonly serve: boolean;
  readonly port: number;
  readonly speed: number;
}

/** `quantai demo` */
export const demo: CommandModule<GlobalOptions, DemoArguments> = {
  command: 'demo',
  describe: 'A walk-forward experiment on the sample data, start to finish',
  builder: cli =>
    cli
      .option('serve', {
        type: 'boolean',
        default: false,
        describe: 'Go on: an exchange to practise on, a paper session and the dashboard, until Ctrl-C',
      })
      .option('port', { type: 'number', default: 4780, describe: 'Port of the dashboard on 127.0.0.1' })
      .option('speed', { type: 'number', default: 1800, describe: 'Market seconds in one second of the practice exchange' })
      .example('$0 demo', 'takes half a minute')
      .example('$0 demo --serve', 'and then watch it trade in a browser; nothing leaves this computer')
      .epilogue('It needs no keys and no network.'),
  handler: async args => (await import('./run-demo.js')).runDemo(args),
};
