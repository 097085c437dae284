import type { Fact } from '../../events/fact.js';
import type { SessionStarted } from '../../events/session.js';

/** Time in which a strategy could not decide: no session ran, then one was starting. */
export interface Downtime {
  /** Last fact of the session before; the start itself for the first one. */
  readonly from: number;
  /** The start of the next session. */
  readonly to: number;
  /** The moment up to which the strategy had caught up when it first decided. */
  readonly until: number;
}

/** What a strategy's engine says once it has been given a bar to decide on. */
const DECIDED: ReadonlySet<string> = new Set(['RiskRemembered', 'TargetSet', 'OrderRequested', 'IntentDenied']);

const isStart = (fact: Fact): fact is SessionStarted => fact.type === 'SessionStarted';

/** Stretches between the end of one session and the moment when the strategy decides again in the next; a crash leaves no end, so the last fact before the start counts. */
export const downtimes = (facts: readonly Fact[], strategy: string): readonly Downtime[] => {
  const found: { from: number; to: number; until: number }[] = [];
  let last = -Infinity;
  let isStarting = false;
  let isFunded = false;
  for (const fact of facts) {
    const { ts } = fact;
    if (isStart(fact)) {
      found.push({ from: last > -Infinity ? last : ts, to: ts, until: ts });
      isStarting = true;
    } else if (isStarting && fact.strategy === strategy) {
      // Marks move with capital that is moved at the start: no engine has said anything by that.
      if (DECIDED.has(fact.type) && !(isFunded && fact.type === 'RiskRemembered')) {
        found.at(-1)!.until = ts;
        isStarting = false;
      }
      isFunded = fact.type === 'CashMoved';
    }
    last = Math.max(last, ts);
  }
  return found;
};

/** The stretch that keeps a bar from being decided on, with two bars to spare at its end for those that came together. */
export const downAt = (downs: readonly Downtime[], ts: number, barMs: number): Downtime | undefined =>
  downs.find(({ from, until }) => ts >= from - barMs && ts <= until + 2 * barMs);

/** What a decision of that time is explained by. */
export const downText = ({ to }: Downtime, ts: number): string => (ts < to ? 'no session ran then' : 'the session was still starting');
