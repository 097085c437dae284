import type { Symbol } from '../../market/instrument.js';
import type { VenueIncome } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { isNewFunding, type SettledRates } from './income-booking.js';
import { PRIORITY } from './request-budget.js';

/** A charge is in the ledger within so long after its settlement, market ms. */
const CHARGED_WITHIN_MS = 1_800_000;
const RATES = 100;

/**
 * Settled rates of the funding that is new in these entries, as the venue's history has them: one request a symbol. Where the history does not answer the rate stays unknown, and the amount is booked all the
 * same.
 */
export const settledRates = async (core: BrokerCore, entries: readonly VenueIncome[], bookedTo: number): Promise<SettledRates> => {
  const { history } = core.ports.transport;
  const charged = new Map<Symbol, number[]>();
  for (const entry of entries)
    if (entry.symbol !== null && isNewFunding(core, entry, bookedTo))
      charged.set(entry.symbol, [...(charged.get(entry.symbol) ?? []), entry.ts]);
  const rates = new Map<Symbol, readonly (readonly [ts: number, rate: number])[]>();
  for (const [symbol, times] of charged) {
    const from = Math.min(...times) - CHARGED_WITHIN_MS;
    try {
      rates.set(symbol, await core.budget.request(PRIORITY.poll, 1, () => history.funding(symbol, from, Math.max(...times), RATES)));
    } catch {
      // Booked without it.
    }
  }
  return (symbol, ts) => {
    let rate = NaN;
    for (const [at, settled] of rates.get(symbol) ?? []) if (at <= ts && ts - at <= CHARGED_WITHIN_MS) rate = settled;
    return rate;
  };
};
