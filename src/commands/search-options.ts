import type { Argv } from 'yargs';
import { usageError } from '../errors.js';
import type { ObjectiveConfig } from '../experiments/objective.js';
import type { SamplerConfig } from '../experiments/samplers/sampler-config.js';
import { withClusterOptions, type ClusterOptions } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';

/** Searches by the name that the command line and `quantai.config.ts` use; `none` tries the strategy's own parameters alone. */
export const SEARCHES = ['grid', 'random', 'sobol', 'latin-hypercube', 'tpe', 'cma-es', 'bayesian', 'nsga2', 'none'] as const;
export type SearchName = (typeof SEARCHES)[number];

/** The options of `walkforward` and `sweep` that shape the search, as they come from the command line. */
export interface SearchOptions {
  readonly search?: SearchName | undefined;
  readonly halving?: boolean | undefined;
  readonly points?: number | undefined;
  readonly trials?: number | undefined;
  readonly objective?: string | undefined;
  readonly 'min-trades'?: number | undefined;
}

/** The same in `quantai.config.ts`. */
export interface SearchDefaults {
  readonly search?: SearchName | undefined;
  readonly halving?: boolean | undefined;
  readonly points?: number | undefined;
  readonly trials?: number | undefined;
  readonly objective?: string | undefined;
  readonly minTrades?: number | undefined;
}

/** What every command that searches a strategy's parameters is given. */
export interface SearchArguments extends GlobalOptions, RunOptions, SearchOptions, ClusterOptions {
  readonly strategy: string;
  readonly dataset?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly venue?: string | undefined;
  readonly workers?: number | undefined;
}

/** Declare that. */
export const withSearchArguments = <T>(cli: Argv<T>): Argv<T & Omit<SearchArguments, keyof GlobalOptions>> =>
  withClusterOptions(
    withRunOptions(
      withSearchOptions(
        cli
          .positional('strategy', { type: 'string', demandOption: true, describe: 'Built-in name, or path of a .ts file' })
          .option('dataset', { type: 'string', describe: 'Name, or name@version; quantai.config.ts may set it' })
          .option('param', {
            type: 'string',
            array: true,
            describe: 'Parameter that keeps this value instead of being searched, repeatable',
          })
          .option('venue', { type: 'string', describe: 'Venue whose costs are assumed; the dataset’s exchange by default' })
          .option('workers', { type: 'number', describe: 'Threads; the result is the same for any number', defaultDescription: 'cores' }),
      ),
    ),
  );

const withSearchOptions = <T>(cli: Argv<T>): Argv<T & SearchOptions> =>
  cli
    .option('search', {
      choices: SEARCHES,
      describe: 'How configurations are tried; none keeps the defaults',
      defaultDescription: 'grid',
    })
    .option('halving', {
      type: 'boolean',
      describe: 'Try all on the last ninth of the time first, the best third on the last third, and the best of those in full',
    })
    .option('points', { type: 'number', describe: 'Grid points per parameter', defaultDescription: '5' })
    .option('trials', { type: 'number', describe: 'Configurations tried by a search other than grid', defaultDescription: '100' })
    .option('objective', {
      type: 'string',
      describe: 'Metric to choose by; several with commas between choose a compromise',
      defaultDescription: 'sharpe',
    })
    .option('min-trades', {
      type: 'number',
      describe: 'Fewest trades in training for a configuration to count',
      defaultDescription: '10',
    })
    .group([], 'Options:')
    .group(['search', 'halving', 'points', 'trials', 'objective', 'min-trades'], 'Search:');

/**
 * The search that was asked for, over `searchedCount` parameters: without any to search there is one configuration. Throws a usage error for `--halving` where there is
 * nothing to halve; numbers out of range are refused by the sampler.
 */
export const samplerFrom = (args: SearchOptions, own: SearchDefaults, searchedCount: number): SamplerConfig => {
  const search = args.search ?? own.search ?? 'grid';
  if (search === 'none') {
    if (args.halving === true)
      throw usageError('bad-search', 'With --search none there is one configuration, and nothing to halve.', 'Leave --halving out.');
    return { kind: 'list', configurations: [{}] };
  }
  if (searchedCount === 0) return { kind: 'list', configurations: [{}] };
  const trials = args.trials ?? own.trials ?? 100;
  const full = ((): Exclude<SamplerConfig, { readonly kind: 'halving' }> => {
    switch (search) {
      case 'grid':
        return { kind: 'grid', points: args.points ?? own.points ?? 5 };
      case 'bayesian':
        return { kind: 'bayesian', trials, batch: 4 };
      case 'nsga2':
        return { kind: 'nsga2', trials, population: 24 };
      default:
        return { kind: search, trials };
    }
  })();
  return (args.halving ?? own.halving ?? false) ? { kind: 'halving', of: full, eta: 3, rungs: 3 } : full;
};

/** What is made large, from `sharpe` or `sharpe,maxDrawdown`. Whether the metrics exist is checked by the experiment. */
export const objectiveFrom = (args: SearchOptions, own: SearchDefaults): ObjectiveConfig => {
  const [metric = '', ...also] = (args.objective ?? own.objective ?? 'sharpe').split(',').map(name => name.trim());
  return { metric, ...(also.length > 0 && { also }), minimumTrades: args['min-trades'] ?? own.minTrades ?? 10 };
};

/** The objective as the command line has it. */
export const objectiveText = ({ metric, also = [] }: ObjectiveConfig): string => [metric, ...also].join(',');

/** The search in words for a report, e.g. `tpe, 100 a fold`; `each` is what it is made for, such as `fold`. */
export const samplerText = (sampler: SamplerConfig, each: string): string => {
  switch (sampler.kind) {
    case 'list':
      return 'none: every parameter keeps its value';
    case 'grid':
      return `grid, ${sampler.points} points a parameter`;
    case 'halving':
      return `${samplerText(sampler.of, each)}, halved on ${sampler.rungs} rungs, one in ${sampler.eta} kept`;
    default:
      return `${sampler.kind}, ${sampler.trials} a ${each}`;
  }
};
