import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withSearchArguments, type SearchArguments } from './search-options.js';

/** Arguments of `quantai crossvalidate`. */
export interface CrossValidateArguments extends SearchArguments {
  readonly split: 'combinatorial' | 'k-fold' | 'regimes';
  readonly groups: number;
  readonly 'test-groups': number;
  readonly folds: number;
  readonly blocks: number;
  readonly purge?: string | undefined;
  readonly embargo?: string | undefined;
}

/** `quantai crossvalidate <strategy>` */
export const crossvalidate: CommandModule<GlobalOptions, CrossValidateArguments> = {
  command: 'crossvalidate <strategy>',
  describe: 'Choose parameters on all of history but a test, for every test, and say how the choice fares on many paths',
  builder: cli =>
    withSearchArguments(cli)
      .option('split', {
        choices: ['combinatorial', 'k-fold', 'regimes'] as const,
        default: 'combinatorial' as const,
        describe: 'Every choice of test groups; each part once; or parts that hold each market regime alike',
      })
      .option('groups', { type: 'number', default: 6, describe: 'Combinatorial: parts that history is cut into' })
      .option('test-groups', { type: 'number', default: 2, describe: 'Combinatorial: parts that each fold tests' })
      .option('folds', { type: 'number', default: 5, describe: 'k-fold and regimes: number of folds' })
      .option('blocks', { type: 'number', default: 4, describe: 'Regimes: pieces that each test is made of' })
      .option('purge', { type: 'string', describe: 'Kept away from each test on both sides: how long an outcome takes to be known' })
      .option('embargo', { type: 'string', describe: 'Further gap on both sides of each test' })
      .example('$0 crossvalidate sma-cross --dataset sample --purge 2d', '15 folds, 5 out-of-sample paths')
      .example('$0 crossvalidate my.ts --dataset btc --groups 10 --test-groups 2 --search sobol --trials 64', '45 folds, 9 paths')
      .example('$0 crossvalidate my.ts --dataset btc --split regimes --folds 4', 'no fold is judged in the calm alone')
      .epilogue('Interrupted with Ctrl-C it keeps what is done: the same command goes on from there. See docs/cross-validation.md.'),
  handler: async args => {
    await (await import('./run-cross-validation.js')).runCrossValidation(args);
  },
};
