import type { CommandModule } from 'yargs';
import { usageError } from '../errors.js';
import { DAY, parseDuration } from '../time.js';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly runs: readonly string[];
  readonly out?: string | undefined;
  readonly portfolio: boolean;
  readonly lookback: string;
  readonly reweight: string;
  readonly 'move-cost': number;
}

/** A duration in whole days: weights see one return a day. */
const days = (option: string, text: string): number => {
  const length = parseDuration(text) / DAY;
  if (!(Number.isInteger(length) && length >= 1))
    throw usageError('bad-duration', `--${option} ${text} is not a number of days.`, 'Write whole days, like 180d.');
  return length;
};

/** `quantai compare <runs…>` */
export const compare: CommandModule<GlobalOptions, Args> = {
  command: 'compare <runs..>',
  describe: 'What sets two or more runs apart, and what they are worth together',
  builder: cli =>
    cli
      .positional('runs', { type: 'string', array: true, demandOption: true, describe: 'Run ids, or their beginnings' })
      .option('out', { type: 'string', normalize: true, describe: 'File of the page', defaultDescription: 'reports/compare-….html' })
      .option('portfolio', { type: 'boolean', default: true, describe: 'Walk portfolios of the runs forward' })
      .option('lookback', { type: 'string', default: '180d', describe: 'Days that the weights of a portfolio look back on' })
      .option('reweight', { type: 'string', default: '30d', describe: 'Days from one division of capital to the next' })
      .option('move-cost', {
        type: 'number',
        default: 10,
        describe: 'What moving capital is assumed to cost, bp of what is taken plus what is given',
      })
      .example('$0 compare sma-cross-btc-3f9a12cd donchian-breakout-btc-77b0c1de', 'which one, and why')
      .example('$0 compare a1 b2 c3 --lookback 365d --move-cost 20', 'three runs, and portfolios of them that look back a year')
      .epilogue(
        'Differences are from the first run, on the days that all have. Fewer than 60 such days give none; a portfolio needs the days it looks back on and 60 more. Interpretation: docs/compare.md',
      ),
  handler: async args => {
    const { portfolio, lookback, reweight, 'move-cost': cost } = args;
    if (!(cost >= 0 && cost < 5000)) throw usageError('bad-move-cost', `--move-cost ${cost} is no cost in basis points.`, 'Use 10.');
    const weights = { lookback: days('lookback', lookback), every: days('reweight', reweight), moveCost: cost / 1e4 };
    if (portfolio && weights.lookback < 20)
      throw usageError('bad-lookback', `Weights cannot be told from ${weights.lookback} days.`, 'Look back 20 days or more.');
    await (await import('./compare-runs.js')).compareRuns({ ...args, portfolio: portfolio ? weights : null });
  },
};
