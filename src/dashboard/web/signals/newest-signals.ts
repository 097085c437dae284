import type { ForecastView } from '../../api/accounts-api.js';

/** The newest signal of one strategy in one symbol. */
export type SignalRow = ForecastView['signals'][number] & { readonly strategy: string };

/** The newest signal of each strategy and symbol, by symbol and then strategy, so that rows keep their place as new ones come. `only` names a strategy; empty is all. */
export const newestSignals = (strategies: readonly ForecastView[], only = ''): readonly SignalRow[] => {
  const newest = new Map<string, SignalRow>();
  for (const { strategy, signals } of strategies) {
    if (only !== '' && strategy !== only) continue;
    for (const signal of signals) {
      const key = `${strategy} ${signal.symbol}`;
      const known = newest.get(key);
      if (known === undefined || signal.seq > known.seq) newest.set(key, { ...signal, strategy });
    }
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...newest.values()].sort((a, b) => order(a.symbol, b.symbol) || order(a.strategy, b.strategy));
};

/** The widest of all expected ranges, |mean| + sd, so that bars of several rows can share a scale; 0 without any. */
export const widestRange = (rows: readonly SignalRow[]): number =>
  rows.reduce((widest, { mean, sd }) => {
    const reach = Math.abs(mean) + sd;
    return Number.isFinite(reach) ? Math.max(widest, reach) : widest;
  }, 0);
