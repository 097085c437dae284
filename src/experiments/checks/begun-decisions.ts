import { memoryFeed } from '../../datasets/memory-feed.js';
import type { Chunk } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { Fill } from '../../portfolio/fill.js';
import { backtest } from '../../sim/backtest.js';
import { historyBegins } from './history-begins.js';
import { historyBefore } from './history-plan.js';
import type { HistoryPlan } from './history-plan.js';
import type { LeakSubject } from './leak-check.js';

/** Positions that differ by less than this part of the larger one are the same decision. */
const SAME = 0.01;

/** One moment from which the strategy traded twice, with all history before it and with its declared warm-up only. */
export interface BegunDecisions {
  /** Both accounts begin here, flat. */
  readonly from: number;
  readonly to: number;
  /** Part of the bars and symbols at which the two held another position. */
  readonly share: number;
}

/** Signed quantity held at each moment, by symbol. */
const heldAt = (fills: readonly Fill[], symbols: readonly string[], times: readonly number[]): readonly Float64Array[] =>
  symbols.map(symbol => {
    const own = fills.filter(fill => fill.symbol === symbol);
    const held = new Float64Array(times.length);
    let [k, quantity] = [0, 0];
    times.forEach((time, i) => {
      for (; k < own.length && own[k]!.ts <= time; k++) quantity += (own[k]!.side === 'buy' ? 1 : -1) * own[k]!.quantity;
      held[i] = quantity;
    });
    return held;
  });

const differing = (a: readonly Float64Array[], b: readonly Float64Array[]): number => {
  let [all, other] = [0, 0];
  a.forEach((column, s) =>
    column.forEach((x, i) => {
      const y = b[s]![i]!;
      all += 1;
      if (Math.abs(x - y) > SAME * Math.max(Math.abs(x), Math.abs(y))) other += 1;
    }),
  );
  return all === 0 ? 0 : other / all;
};

/** The windows in which decisions are compared: each start of the plan, for four times the warm-up. */
export const decisionWindows = (
  plan: HistoryPlan,
  config: LeakSubject['config'],
): readonly { readonly from: number; readonly to: number }[] => {
  const bars = Math.min(plan.horizon, Math.max(100, 4 * plan.warmup));
  return plan.starts.map(from => ({ from, to: Math.min(config.to, from + bars * plan.length) }));
};

/**
 * Whether the declared warm-up is enough to decide as with all history. From each start the strategy trades a fresh account twice, once with everything before and once
 * with its warm-up only, the least history on which the platform takes its orders. Both begin flat, so what they hold differs only by what they know of the past.
 */
export const begunDecisions = async (
  subject: LeakSubject,
  plan: HistoryPlan,
  onRun: () => void | Promise<void> = () => undefined,
): Promise<readonly BegunDecisions[]> => {
  const { params, config, instruments, chunks } = subject;
  const step = timeframeMs(config.timeframe);
  const inputs = subject.inputs ?? memoryFeed(chunks).inputs;
  const found: BegunDecisions[] = [];
  for (const { from, to } of decisionWindows(plan, config)) {
    const times = Array.from({ length: Math.floor((to - from) / step) }, (_, i) => from + (i + 1) * step);
    const held = async (history: readonly Chunk[]): Promise<readonly Float64Array[]> => {
      const { fills } = await backtest({
        strategy: subject.strategyOn(history),
        params,
        bundle: 'leak-check',
        config: { ...config, from, to },
        instruments,
        feed: memoryFeed(history, { to, inputs }),
        keepFacts: false,
      });
      await onRun();
      return heldAt(fills, config.symbols, times);
    };
    const first = historyBefore(subject, plan, from, Math.max(1, plan.warmup));
    found.push({ from, to, share: differing(await held(chunks), await held(historyBegins(chunks, first))) });
  }
  return found;
};
