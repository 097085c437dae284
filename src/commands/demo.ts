import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** `quantai demo` */
export const demo: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'demo',
  describe: 'A walk-forward experiment on the sample data, start to finish',
  builder: cli => cli.example('$0 demo', 'takes half a minute'),
  handler: async args => (await import('./run-demo.js')).runDemo(args),
};
