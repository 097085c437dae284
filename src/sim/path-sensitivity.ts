import type { RunResult } from '../engine/run-result.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Feed } from '../events/feed.js';
import type { Fact } from '../events/fact.js';
import type { OrderId } from '../events/order.js';
import { backtest, type BacktestSpec } from './backtest.js';

type BarPath = Extract<RunConfig['fills'], { kind: 'bars' }>['path'];

/** What a run comes to when another extreme of each bar is assumed to come first. */
export interface PathOutcome {
  readonly path: BarPath;
  readonly fills: number;
  /** Settlement asset. */
  readonly finalEquity: number;
  /** Fraction of the starting capital. */
  readonly totalReturn: number;
}

/** How much of a run hangs on the assumed order of a bar's extremes. */
export interface PathSensitivity {
  /** Fills of the run. */
  readonly fills: number;
  /** Those whose order, under one of the other assumptions, is not filled (or never sent), or fills by more than a tick at another average price. */
  readonly dependent: number;
  /** `dependent` ÷ `fills`; 0 without fills. */
  readonly share: number;
  /** The run's own assumption first, then the others. */
  readonly outcomes: readonly PathOutcome[];
}

/** A run's specification with data that can be played as often as asked for. */
export type ReplayableSpec = Omit<BacktestSpec, 'feed'> & { readonly feed: () => Promise<Feed> };

const outcomeOf = (path: BarPath, { fills, finalEquity, initialCapital }: RunResult): PathOutcome => ({
  path,
  fills: fills.length,
  finalEquity,
  totalReturn: finalEquity / initialCapital - 1,
});

/**
 * Names under which an order can be found again in another run of the same strategy: when it was sent and what for, not its id or its size, which what happened before changes. Orders of one moment are told apart by
 * their place among it.
 */
const namesOf = (facts: readonly Fact[]): ReadonlyMap<OrderId, string> => {
  const seen = new Map<string, number>();
  const names = new Map<OrderId, string>();
  for (const fact of facts) {
    if (fact.type !== 'OrderApproved') continue;
    const { symbol, side, type, positionSide, orderId } = fact.ticket;
    const name = [fact.ts, symbol, side, type, positionSide ?? ''].join(' ');
    const place = seen.get(name) ?? 0;
    seen.set(name, place + 1);
    names.set(orderId, `${name} ${place}`);
  }
  return names;
};

/** Average fill price of each order, by its name. What the venue closed itself goes by moment and side. */
const pricesOf = ({
  facts,
  fills,
}: RunResult): ReadonlyMap<string, { readonly price: number; readonly fills: number; readonly symbol: string }> => {
  const names = namesOf(facts);
  const sums = new Map<string, { symbol: string; paid: number; quantity: number; fills: number }>();
  for (const { ts, symbol, side, orderId, price, quantity } of fills) {
    const name = names.get(orderId) ?? [ts, symbol, side].join(' ');
    const sum = sums.get(name) ?? { symbol, paid: 0, quantity: 0, fills: 0 };
    sum.paid += price * quantity;
    sum.quantity += quantity;
    sum.fills++;
    sums.set(name, sum);
  }
  return new Map([...sums].map(([name, { symbol, paid, quantity, fills: n }]) => [name, { symbol, price: paid / quantity, fills: n }]));
};

/** The assumptions that bound the others: each extreme first. */
const othersThan = (path: BarPath): readonly BarPath[] => (['high-first', 'low-first'] as const).filter(other => other !== path);

/** More than a tick, and not only by the rounding of an average. */
const MORE = 1 + 1e-6;

/**
 * Run a backtest on bars again with the high of every bar first, and with its low first: how many fills of `base`, its own run, depend on which it was, and what the others would have earned. A strategy answers
 * what happens to it, so the other runs may go other ways; an order is compared with the one that was sent at the same moment for the same purpose.
 *
 * Null for runs that do not match on bars. `base` is played again when it was run without keeping its facts. The feed is asked for once a run.
 */
export const pathSensitivity = async (spec: ReplayableSpec, base: RunResult): Promise<PathSensitivity | null> => {
  const { fills: matching } = spec.config;
  if (matching.kind !== 'bars') return null;
  const { strategy, params, bundle, instruments, indicators, forecasts, trainer, signal } = spec;
  const run = async (path: BarPath): Promise<RunResult> =>
    backtest({
      strategy,
      params,
      bundle,
      instruments,
      config: { ...spec.config, fills: { ...matching, path } },
      feed: await spec.feed(),
      keepFacts: true,
      ...(indicators && { indicators }),
      ...(forecasts && { forecasts }),
      ...(trainer && { trainer }),
      ...(signal && { signal }),
    });
  const own = base.fills.length > 0 && base.facts.length === 0 ? await run(matching.path) : base;
  const tick = new Map(instruments.map(({ symbol, tickSize }) => [symbol, tickSize]));
  const ordered = pricesOf(own);
  const dependent = new Set<string>();
  const outcomes = [outcomeOf(matching.path, base)];
  for (const path of othersThan(matching.path)) {
    const other = await run(path);
    outcomes.push(outcomeOf(path, other));
    const there = pricesOf(other);
    for (const [name, { price, symbol }] of ordered) {
      const instead = there.get(name)?.price ?? NaN;
      if (!(Math.abs(instead - price) <= (tick.get(symbol) ?? 0) * MORE)) dependent.add(name);
    }
  }
  let count = 0;
  for (const name of dependent) count += ordered.get(name)?.fills ?? 0;
  const { length } = base.fills;
  return { fills: length, dependent: count, share: length === 0 ? 0 : count / length, outcomes };
};
