import { forecastRecipe } from '../engine/forecast-recipe.js';
import { historyNeeded } from '../engine/history-needed.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import type { Instrument } from '../market/instrument.js';
import { timeframe as checkedTimeframe } from '../market/timeframe.js';
import { resolveStrategy, type ResolvedStrategy } from '../strategies/load.js';
import { resolveParams } from '../strategies/params.js';
import { pairs } from './key-values.js';

/** One strategy of a session. */
export interface ChosenStrategy {
  readonly resolved: ResolvedStrategy;
  readonly name: string;
  /** Short name in order ids. */
  readonly tag: string;
  readonly params: Params;
  readonly budget: number;
  /** Whether --budget said so. */
  readonly isBudgetSaid: boolean;
  /** Bars it needs before its first decision. */
  readonly history: number;
  /** Kinds of market data beside bars that it asks for. */
  readonly kinds: readonly MarketKind[];
}

/** Letters and digits of a name, so short that a client id holds it; a number makes it unique. */
const tagOf = (name: string, taken: ReadonlySet<string>): string => {
  const stem = name.replace(/[^a-z0-9]/g, '').slice(0, 8) || 's';
  // `x` is the broker's own.
  if (stem !== 'x' && !taken.has(stem)) return stem;
  for (let n = 2; ; n++) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`;
};

/** What is said for one of several strategies as NAME.key, and for all of them as key. */
const paramsFor = (name: string, given: readonly string[]): readonly string[] =>
  given.flatMap(text => {
    const [key = ''] = text.split('=');
    if (!key.includes('.')) return [text];
    return key.slice(0, key.lastIndexOf('.')) === name ? [text.slice(name.length + 1)] : [];
  });

/** What --budget said, by strategy. Throws a usage error for what is no amount, and for a name that is not there. */
const saidBudgets = (names: readonly string[], given: readonly string[]): ReadonlyMap<string, number> => {
  const budgets = new Map<string, number>();
  for (const text of given) {
    const [name, value] = text.includes('=') ? text.split('=') : [null, text];
    const amount = Number(value);
    if (!(amount > 0) || amount === Infinity)
      throw usageError('bad-budget', `--budget ${text} is no amount.`, 'Say --budget 5000, or --budget NAME=5000.');
    if (name === null && names.length > 1)
      throw usageError(
        'which-budget',
        `--budget ${text} names no strategy, and there are ${names.length}.`,
        'Say --budget NAME=AMOUNT for each.',
      );
    if (typeof name === 'string' && !names.includes(name))
      throw usageError('unknown-strategy', `--budget ${text}: there is no strategy ${name} here.`, `There are ${names.join(', ')}.`);
    budgets.set(name ?? names[0] ?? '', amount);
  }
  return budgets;
};

/** Resolve strategies, their parameters and budgets. Throws a usage error for two of one name: their facts could not be told apart. Parameters that nobody says are those that a strategy is promoted with, where `promoted` knows any, else its defaults. */
export const chooseStrategies = async (
  given: {
    readonly strategies: readonly string[];
    readonly param?: readonly string[] | undefined;
    readonly budget?: readonly string[] | undefined;
  },
  config: RunConfig,
  instruments: readonly Pick<Instrument, 'symbol'>[],
  cacheDir: string,
  promoted: (strategy: ResolvedStrategy) => Params | undefined = () => undefined,
): Promise<readonly ChosenStrategy[]> => {
  const resolved = await Promise.all(given.strategies.map(each => resolveStrategy(each, { cacheDir })));
  const names = resolved.map(({ strategy }) => strategy.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usageError('same-strategy', `Two strategies are called ${twice}.`, 'Give one of them another `name`.');
  const budgets = saidBudgets(names, given.budget ?? []);
  const tags = new Set<string>();
  const universe = instruments.map(({ symbol }) => symbol);
  const timeframe = checkedTimeframe(config.timeframe);
  return resolved.map(each => {
    const { strategy } = each;
    const texts = pairs('param', paramsFor(strategy.name, given.param ?? []));
    const params = resolveParams(strategy.params, { ...promoted(each), ...texts }, values => strategy.constraint?.(values) ?? true);
    const tag = tagOf(strategy.name, tags);
    tags.add(tag);
    const recipe = forecastRecipe(strategy, params, config, each.hash);
    const history = historyNeeded({ strategy, params, universe, timeframe, recipe });
    const declared = strategy.needs?.({ universe, timeframe, params }) ?? [];
    const kinds = [...new Set(('kind' in declared ? [declared] : declared).map(({ kind }) => kind))].filter(kind => kind !== 'bars');
    const said = budgets.get(strategy.name);
    return {
      kinds,
      resolved: each,
      name: strategy.name,
      tag,
      params,
      budget: said ?? config.capital / names.length,
      isBudgetSaid: said !== undefined,
      history,
    };
  });
};
