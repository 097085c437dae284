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

/** Time in which a strategy could not decide: no session ran, then one was starting. */
export interface Downtime {
  /** Last fact of the session before; the start itself for the first one. */
  readonly from: number;
  /** The start of the next session. */
  readonly to: number;
  /** The moment up to which the strategy had caught up when it first decided. */
  readonly until: number;
}

/** Targets of a stream, each at the close of the bar that it was decided on. */
export const decidedTargets = (facts: readonly Fact[], barMs: number): readonly DecidedTarget[] =>
  facts
    .filter((fact): fact is TargetSet => fact.type === 'TargetSet')
    .map(({ ts, symbol, exposure }) => ({ ts: Math.floor(ts / barMs) * barMs, symbol, exposure }));

/** What a strategy's engine says once it has been given a bar to decide on. */
const DECIDED: ReadonlySet<string> = new Set(['RiskRemembered', 'TargetSet', 'OrderRequested', 'IntentDenied']);

/** Stretches between the end of one session and the moment when the strategy decides again in the next; a crash leaves no end, so the last fact before the start counts. */
export const downtimes = (facts: readonly Fact[], strategy: string): readonly Downtime[] => {
  const found: { from: number; to: number; until: number }[] = [];
  let last = -Infinity;
  let isStarting = false;
  for (const fact of facts) {
    const { ts } = fact;
    if (isStart(fact)) {
      found.push({ from: last > -Infinity ? last : ts, to: ts, until: ts });
      isStarting = true;
    } else if (isStarting && fact.strategy === strategy && DECIDED.has(fact.type)) {
      found.at(-1)!.until = ts;
      isStarting = false;
    }
    last = Math.max(last, ts);
  }
  return found;
};

const isStart = (fact: Fact): fact is SessionStarted => fact.type === 'SessionStarted';

/**
 * Pairs what a session wanted with what a backtest of the same time wanted, by bar and symbol. A difference is explained where something that the journal says explains it: no session ran then, one was still
 * starting and saw the bars of that time together, or the account was not free to trade.
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
    const down = downs.find(({ from, until }) => ts >= from - barMs && ts <= until + 2 * barMs);
    const why = down ? (ts < down.to ? 'no session ran then' : 'the session was still starting') : (denied.get(each) ?? 'unexplained');
    return { ...pair, why };
  });
  return pairs.sort((a, b) => a.ts - b.ts || (a.symbol < b.symbol ? -1 : 1));
};
