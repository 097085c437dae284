import type { Symbol } from '../../market/instrument.js';
import type { VenueIncome } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { isNewFunding, type SettledRates } from './income-booking.js';
import { PRIORITY } from './request-budget.js';

/** A charge is in the ledger within so long after its settlement, market ms. */
const CHARGED_WITHIN_MS = 1_800_000;
const RATES = 100;

/**
 * Settled rates of the funding that is new in these entries, as the venue's history has them, page by page. Where the history does not answer the rate stays unknown, and the amount is booked all the
 * same.
 */
export const settledRates = async (core: BrokerCore, entries: readonly VenueIncome[], bookedTo: number): Promise<SettledRates> => {
  const { history } = core.ports.transport;
  const charged = new Map<Symbol, number[]>();
  for (const entry of entries)
    if (entry.symbol !== null && isNewFunding(core, entry, bookedTo))
      charged.set(entry.symbol, [...(charged.get(entry.symbol) ?? []), entry.ts]);
  const rates = new Map<Symbol, (readonly [ts: number, rate: number])[]>();
  for (const [symbol, times] of charged) {
    const found: (readonly [ts: number, rate: number])[] = [];
    rates.set(symbol, found);
    const to = Math.max(...times);
    try {
      for (let from = Math.min(...times) - CHARGED_WITHIN_MS; from <= to - CHARGED_WITHIN_MS;) {
        const page = await core.budget.request(PRIORITY.poll, 1, () => history.funding(symbol, from, to, RATES));
        const last = page.at(-1)?.[0] ?? -Infinity;
        if (last < from) break;
        found.push(...page);
        from = last + 1;
      }
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
