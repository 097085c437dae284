import type { Fact } from '../../events/fact.js';
import type { SessionRecord, Stretch } from './gate-inputs.js';
import { stretchUnion } from './stretch-union.js';

/** A session that counts, as the audit log names it. */
export interface CountedSession {
  readonly epoch: number;
  /** SHA-256 of its manifest. */
  readonly manifest: string;
}

/**
 * What the sessions that count did, from the journal of their account: the market time while one ran, and the strategy's closed trades in it. A trade is from flat, or a reversal, to flat or the next
 * reversal; it counts in the session whose order closes it.
 */
export const sessionRecord = (facts: Iterable<Fact>, counted: readonly CountedSession[], strategy: string): SessionRecord => {
  const stretches: Stretch[] = [];
  const held = new Map<string, number>();
  let running: { from: number; to: number } | null = null;
  let trades = 0;
  const end = (): void => {
    if (running !== null && running.to > running.from) stretches.push(running);
    running = null;
  };
  for (const fact of facts) {
    if (fact.type === 'SessionStarted') {
      end();
      const { epoch, manifest, ts } = fact;
      if (counted.some(each => each.epoch === epoch && each.manifest === manifest)) running = { from: ts, to: ts };
    }
    if (running !== null && fact.ts > running.to) running.to = fact.ts;
    if (fact.strategy === strategy && (fact.type === 'OrderFilled' || fact.type === 'ExternalFilled' || fact.type === 'PositionAdopted')) {
      const key = `${fact.symbol} ${fact.positionSide ?? ''}`;
      const before = held.get(key) ?? 0;
      const after = fact.type === 'PositionAdopted' ? fact.after : before + (fact.side === 'buy' ? fact.lots : -fact.lots);
      held.set(key, after);
      if (running !== null && fact.type === 'OrderFilled' && before !== 0 && Math.sign(after) !== Math.sign(before)) trades++;
    }
    if (fact.type === 'SessionStopped') end();
  }
  end();
  return { stretches: stretchUnion(stretches), trades };
};
