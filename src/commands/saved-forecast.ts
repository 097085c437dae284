import { didYouMean, usageError } from '../errors.js';
import type { SavedVersion } from '../models/registry/model-registry.js';
import { formatTime } from '../time.js';
import type { ForecastOptions } from './forecast-options.js';

/** The options of a forecast with what the user left out taken from the saved version: what it was trained with. Throws a usage error where both cannot be. */
export const optionsOfSaved = <T extends ForecastOptions>(args: T, { set, version }: SavedVersion): T => {
  const { strategy, params, dataset, symbols, timeframe, seed } = version;
  for (const symbol of args.symbols?.split(',') ?? [])
    if (!symbols.includes(symbol.trim()))
      throw usageError(
        'unknown-symbol',
        `Set "${set}" was not trained on "${symbol.trim()}".${didYouMean(symbol.trim(), symbols)}`,
        `It was trained on ${symbols.join(', ')}, of ${strategy.name}.`,
      );
  const given = args.param ?? [];
  const named = new Set(given.map(pair => pair.split('=', 1)[0]));
  return {
    ...args,
    dataset: args.dataset ?? dataset.id,
    // What is printed is chosen later: features of one symbol may look at the others.
    symbols: symbols.join(','),
    timeframe: args.timeframe ?? timeframe,
    seed: args.seed ?? seed,
    param: [...Object.entries(params).flatMap(([name, value]) => (named.has(name) ? [] : [`${name}=${String(value)}`])), ...given],
  };
};

const nameOf = ({ set, hash }: SavedVersion): string => `${set}@${hash.slice(0, 12)}`;

/** Throws a usage error when saved models are another strategy's. */
export const checkOwn = (saved: SavedVersion, strategy: string): void => {
  const { name } = saved.version.strategy;
  if (name !== strategy)
    throw usageError('foreign-models', `${nameOf(saved)} holds models of ${name}, not of ${strategy}.`, 'Name a set of this strategy.');
};

/** Throws a usage error when saved models have seen what comes after `now`, epoch ms. */
export const checkPast = (saved: SavedVersion, now: number): void => {
  const { at } = saved.version.training;
  if (at > now)
    throw usageError(
      'models-from-the-future',
      `${nameOf(saved)} was trained at ${formatTime(at)} and has seen what came after ${formatTime(now)}.`,
      'Use an older version, a later --to, or leave --models out.',
    );
};
