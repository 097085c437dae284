import type { FilledGroup } from './filled-groups.js';

/** The first moment at which session and backtest had not traded the same; Infinity where they always have. */
export const apartSince = (session: ReadonlyMap<string, FilledGroup>, backtest: ReadonlyMap<string, FilledGroup>): number => {
  let first = Infinity;
  for (const [key, group] of [...session, ...backtest]) {
    const [a, b] = [session.get(key), backtest.get(key)];
    if (a?.lots === b?.lots && a?.value === b?.value && a?.fee === b?.fee) continue;
    first = Math.min(first, group.at);
  }
  return first;
};
