import { RunFold } from '../engine/run-fold.js';
import type { Fact } from '../events/fact.js';
import type { Instrument } from '../market/instrument.js';
import { roundTrips } from '../portfolio/round-trips.js';
import type { CausalStep } from '../reports/causes/causal-steps.js';
import { factSentence, type UnitsOf } from '../reports/causes/fact-sentence.js';
import { signedPercent } from '../reports/number-text.js';
import { formatTime } from '../time.js';

const short = (value: number): string => String(Number(value.toPrecision(9)));

/** What came after a fill: other fills of its order, and the round trips that it opened or closed with the funding paid in them. Money in the settlement asset. */
export const consequenceSteps = (
  facts: readonly Fact[],
  fill: Fact,
  { instruments, capital, hedge, unitsOf }: { instruments: readonly Instrument[]; capital: number; hedge: boolean; unitsOf: UnitsOf },
): CausalStep[] => {
  if (fill.type !== 'OrderFilled' && fill.type !== 'ExternalFilled' && fill.type !== 'PositionAdopted') return [];
  const others =
    fill.type === 'OrderFilled'
      ? facts.filter(fact => fact.type === 'OrderFilled' && fact.orderId === fill.orderId && fact.seq > fill.seq)
      : [];
  const fold = new RunFold(instruments, capital, { hedge });
  for (const fact of facts) fold.apply(fact);
  const trips = roundTrips(fold.fills, fold.funding).filter(
    trip =>
      trip.symbol === fill.symbol &&
      trip.entryTs <= fill.ts &&
      fill.ts <= trip.exitTs &&
      (fill.positionSide === undefined || trip.side === fill.positionSide),
  );
  const isOpen = !trips.some(trip => trip.exitTs > fill.ts) && trips.length === 0;
  return [
    ...others.map((fact): CausalStep => ({ ...factSentence(fact, unitsOf), seq: fact.seq, ts: fact.ts, from: null })),
    ...trips.map((trip): CausalStep => ({
      stage: 'round trip',
      seq: null,
      ts: trip.exitTs,
      text: `It is part of a ${trip.side} round trip from ${formatTime(trip.entryTs)} to ${formatTime(trip.exitTs)}: ${short(trip.quantity)} from ${short(trip.entryPrice)} to ${short(trip.exitPrice)}, ${short(Number(trip.netPnl.toFixed(2)))} after fees of ${short(Number(trip.fees.toFixed(2)))} and ${short(Number(trip.funding.toFixed(2)))} of funding (${signedPercent(trip.netReturn, 2)}).`,
      from: null,
    })),
    ...(isOpen
      ? [{ stage: 'round trip', seq: null, ts: fill.ts, text: 'What it opened had not been closed when the journal ends.', from: null }]
      : []),
  ];
};
