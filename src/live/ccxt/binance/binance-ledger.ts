import type { Symbol } from '../../../market/instrument.js';
import { DAY } from '../../../time.js';
import type { VenueExecution, VenueIncome, VenueTransport } from '../../venue-transport.js';
import { fieldsOf, listOf } from '../reading.js';
import type { Params } from '../venue-calls.js';
import type { VenueParts } from '../venue-parts.js';
import { readIncome } from './binance-account.js';
import { readTrade } from './binance-orders.js';

const PAGE = 1000;
/** The longest stretch that userTrades and income answer at once. */
const WINDOW = 7 * DAY;

const byTime = <T extends { readonly ts: number; readonly id: string }>(a: T, b: T): number =>
  a.ts - b.ts || a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** What the account did: executions and income, complete, oldest first. Pages and stretches are followed. */
export const binanceLedger = ({
  calls,
  clock,
  symbols,
  identities,
}: Pick<VenueParts, 'calls' | 'clock' | 'symbols' | 'identities'>): Pick<VenueTransport, 'executions' | 'income'> => {
  const signed = 'fapiPrivate';

  const trades = (symbol: Symbol, params: Params): Promise<VenueExecution[]> =>
    calls.call(signed, 'GET', 'userTrades', { symbol: symbols.idOf(symbol), limit: PAGE, ...params }, answer =>
      listOf(answer, 'userTrades').map(row => {
        const execution = readTrade(fieldsOf(row), symbols);
        const identity = identities.find(execution.venueOrderId);
        return identity === undefined ? execution : { ...execution, ...identity };
      }),
    );

  const executions = async (symbol: Symbol, since: number): Promise<VenueExecution[]> => {
    const found = new Map<string, VenueExecution>();
    const take = (page: readonly VenueExecution[]): void => {
      for (const execution of page) if (execution.ts >= since) found.set(`${execution.id}/${execution.venueOrderId}`, execution);
    };
    for (let from = since; ; from += WINDOW) {
      const last = from + WINDOW > clock.market();
      let page = await trades(symbol, last ? { startTime: from } : { startTime: from, endTime: from + WINDOW - 1 });
      take(page);
      const full = page.length >= PAGE;
      while (page.length >= PAGE) {
        const newest = page.map(execution => BigInt(execution.id)).reduce((a, b) => (b > a ? b : a));
        page = await trades(symbol, { fromId: String(newest + 1n) });
        take(page);
      }
      // Pages by id go on to the newest trade, past every window.
      if (last || full) return [...found.values()].sort(byTime);
    }
  };

  const income = async (since: number): Promise<VenueIncome[]> => {
    const found = new Map<string, VenueIncome>();
    let from = since;
    for (;;) {
      const last = from + WINDOW > clock.market();
      const page = await calls.call(
        signed,
        'GET',
        'income',
        { startTime: from, endTime: last ? undefined : from + WINDOW - 1, limit: PAGE },
        answer => listOf(answer, 'income').map(row => readIncome(fieldsOf(row), symbols)),
      );
      for (const entry of page) if (entry.ts >= since) found.set(`${entry.id}/${entry.asset}/${entry.symbol ?? ''}`, entry);
      if (page.length >= PAGE) {
        const newest = page.reduce((at, entry) => Math.max(at, entry.ts), from);
        from = newest > from ? newest : from + 1;
      } else if (last) return [...found.values()].sort(byTime);
      else from += WINDOW;
    }
  };

  return { executions, income };
};
