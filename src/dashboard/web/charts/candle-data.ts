import type { BarColumns } from '../../api/accounts-api.js';

/** Bars as columns with the bars of `tick` in place of, and after, those of the same open: the history stays as it is. Null history gives the tick. */
export const mergeBars = (history: BarColumns | null, tick: BarColumns | null): BarColumns | null => {
  if (history === null || tick === null) return history ?? tick;
  const from = tick.ts[0];
  if (from === undefined) return history;
  let keep = history.ts.length;
  while (keep > 0 && history.ts[keep - 1]! >= from) keep--;
  const joined = (name: keyof BarColumns): number[] => history[name].slice(0, keep).concat(tick[name]);
  return {
    ts: joined('ts'),
    open: joined('open'),
    high: joined('high'),
    low: joined('low'),
    close: joined('close'),
    volume: joined('volume'),
  };
};

/** What changed between two columns of bars that a chart shows one after the other: bars from `from` on are new or different; null where the chart has to be filled anew. */
export const changedFrom = (before: BarColumns | null, after: BarColumns): number | null => {
  if (before === null || before.ts.length === 0 || after.ts.length < before.ts.length || before.ts[0] !== after.ts[0]) return null;
  const last = before.ts.length - 1;
  if (before.ts[last] !== after.ts[last]) return null;
  // All but the last bar are closed and do not change; one that was missed makes the one before the last differ.
  if (last > 0 && before.close[last - 1] !== after.close[last - 1]) return null;
  return last;
};
