import type { Fact } from '../events/fact.js';
import type { SessionStarted } from '../events/session.js';
import type { TargetSet } from '../events/order.js';

/** A target as it is compared: at which bar's close it was decided, and what was wanted. */
export interface DecidedTarget {
  readonly ts: number;
  readonly symbol: string;
  readonly exposure: number;
}

/** One line of the comparison. */
export interface TargetPair {
  /** Close of the bar. */
  readonly ts: number;
  readonly symbol: string;
  readonly backtest: number | null;
  readonly session: number | null;
  /** Null when both are the same. */
  readonly why: string | null;
}

/** Time in which no session ran. */
export interface Downtime {
  readonly from: number;
  readonly to: number;
}

/** Targets of a stream, each at the close of the bar that it was decided on. */
export const decidedTargets = (facts: readonly Fact[], barMs: number): readonly DecidedTarget[] =>
  facts
    .filter((fact): fact is TargetSet => fact.type === 'TargetSet')
    .map(({ ts, symbol, exposure }) => ({ ts: Math.floor(ts / barMs) * barMs, symbol, exposure }));

/** Stretches between the end of one session and the first bar of the next; a crash leaves no end, so the last fact before the start counts. */
export const downtimes = (facts: readonly Fact[]): readonly Downtime[] => {
  const found: Downtime[] = [];
  let last = -Infinity;
  for (const fact of facts) {
    if (isStart(fact) && last > -Infinity) found.push({ from: last, to: fact.ts });
    last = Math.max(last, fact.ts);
  }
  return found;
};

const isStart = (fact: Fact): fact is SessionStarted => fact.type === 'SessionStarted';

/**
 * Pairs what a session wanted with what a backtest of the same time wanted, by bar and symbol. A difference is explained where something that the journal says explains it: no session ran then, the account was
 * not free to trade, or the strategy was late after a start.
 */
export const pairTargets = (
  backtest: readonly DecidedTarget[],
  session: readonly DecidedTarget[],
  barMs: number,
  downs: readonly Downtime[],
  denied: ReadonlyMap<string, string>,
): readonly TargetPair[] => {
  const key = ({ ts, symbol }: { readonly ts: number; readonly symbol: string }): string => `${ts}|${symbol}`;
  const wanted = new Map(backtest.map(each => [key(each), each]));
  const got = new Map(session.map(each => [key(each), each]));
  const keys = [...new Set([...wanted.keys(), ...got.keys()])];
  const pairs = keys.map((each): TargetPair => {
    const [a, b] = [wanted.get(each), got.get(each)];
    const { ts, symbol } = (a ?? b) as DecidedTarget;
    const pair = { ts, symbol, backtest: a?.exposure ?? null, session: b?.exposure ?? null };
    if (a?.exposure === b?.exposure) return { ...pair, why: null };
    const down = downs.find(({ from, to }) => ts >= from - barMs && ts <= to + 2 * barMs);
    const why = down ? 'no session ran then' : (denied.get(each) ?? 'unexplained');
    return { ...pair, why };
  });
  return pairs.sort((a, b) => a.ts - b.ts || (a.symbol < b.symbol ? -1 : 1));
};
