import type { CommandModule } from 'yargs';
import { withClusterOptions, type ClusterOptions } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';

/** Arguments of `quantai friction`. */
export interface FrictionArguments extends GlobalOptions, RunOptions, ClusterOptions {
  readonly strategy: string;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
  readonly 'fee-scale'?: string | undefined;
  readonly 'slippage-bps'?: string | undefined;
  readonly 'funding-scale'?: string | undefined;
  readonly workers?: number | undefined;
}

/** `quantai friction <strategy>` */
export const friction: CommandModule<GlobalOptions, FrictionArguments> = {
  command: 'friction <strategy>',
  describe: 'Sweep fees, slippage, latency and funding over one strategy, and say where its edge ends',
  builder: cli =>
    withRunOptions(
      withClusterOptions(cli)
        .positional('strategy', { type: 'string', demandOption: true, describe: 'Built-in name, or path of a .ts file' })
        .option('dataset', { type: 'string', describe: 'Name, or name@version; quantai.config.ts may set it' })
        .option('param', { type: 'string', array: true, describe: 'Parameter as name=value, repeatable' })
        .option('venue', { type: 'string', describe: 'Venue whose costs are assumed; the dataset’s exchange by default' })
        .option('workers', { type: 'number', describe: 'Threads; the result is the same for any number', defaultDescription: 'cores' }),
    )
      .option('fee-scale', { type: 'string', describe: 'Times the fees of the run: a list, or FROM..TO/STEP', defaultDescription: '0..4' })
      .option('slippage-bps', {
        type: 'string',
        describe: 'Added to the slippage of the run, bp a side',
        defaultDescription: '0,1,2,5,10',
      })
      .option('latency', {
        type: 'string',
        describe: 'A list is swept, e.g. 0ms,100ms,1s,10s; a single one holds, as in a backtest',
        defaultDescription: '0ms,100ms,1s,10s',
      })
      .option('funding-scale', { type: 'string', describe: 'Times every settled funding rate', defaultDescription: '0,1,2' })
      .example('$0 friction sma-cross --dataset sample', 'fees × 0–4, up to 10 bp and 10 s, funding × 0–2')
      .example('$0 friction my.ts --dataset btc --param slow=50 --fee-scale 0..3/0.5 --slippage-bps 0..20/2', 'finer, and further')
      .example('$0 friction my.ts --dataset btc --latency 0ms,50ms,200ms,1s --funding-scale 1', 'how fast it must be; funding as it was')
      .epilogue('Interrupted with Ctrl-C it keeps what is done: the same command goes on from there. See docs/friction.md.'),
  handler: async args => {
    await (await import('./run-friction.js')).runFriction(args);
  },
};
