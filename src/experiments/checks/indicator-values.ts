import { memoryFeed } from '../../datasets/memory-feed.js';
import type { Chunk } from '../../events/market.js';
import { backtest } from '../../sim/backtest.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { LeakSubject } from './leak-check.js';

/** One output of one indicator on one symbol's bars, in time order. */
export interface IndicatorValues {
  /** The name under which the strategy sees it. */
  readonly indicator: string;
  readonly timeframe: string;
  readonly ts: number[];
  readonly value: number[];
}

/** The strategy's indicators on its own bars, and nothing that trades on them or learns from them. */
const onlyIndicators = (strategy: Strategy): Strategy => ({
  name: strategy.name,
  params: strategy.params,
  ...(strategy.needs && { needs: scope => strategy.needs!(scope) }),
  ...(strategy.indicators && { indicators: params => strategy.indicators!(params) }),
  decide: () => undefined,
});

/** Indicator values as a run shows them to the strategy, at bars that open from `from` on and close by `to`, as far as `wanted` says; keys name symbol, timeframe and output. */
export const indicatorValues = async (
  subject: LeakSubject,
  chunks: readonly Chunk[],
  { from, to }: { readonly from: number; readonly to: number },
  wanted: (ts: number) => boolean = () => true,
): Promise<ReadonlyMap<string, IndicatorValues>> => {
  const { params, config, instruments } = subject;
  const values = new Map<string, IndicatorValues>();
  const put = (key: string, indicator: string, timeframe: string, ts: number, value: number): void => {
    let list = values.get(key);
    if (list === undefined) values.set(key, (list = { indicator, timeframe, ts: [], value: [] }));
    list.ts.push(ts);
    list.value.push(value);
  };
  await backtest({
    strategy: onlyIndicators(subject.strategyOn(chunks)),
    params,
    bundle: 'leak-check',
    config: { ...config, from, to },
    instruments,
    // Named whole: the run's funding may lie outside the stretch.
    feed: memoryFeed(chunks, { to, inputs: subject.inputs ?? memoryFeed(chunks).inputs }),
    keepFacts: false,
    observe: (bar, shown) => {
      if (bar.openTime < from || !wanted(bar.ts)) return;
      for (const [name, value] of Object.entries(shown)) {
        const key = `${bar.symbol} ${bar.timeframe} ${name}`;
        if (typeof value === 'number') put(key, name, bar.timeframe, bar.ts, value);
        else
          for (const [output, part] of Object.entries(value as Readonly<Record<string, number>>))
            put(`${key}.${output}`, name, bar.timeframe, bar.ts, part);
      }
    },
  });
  return values;
};
