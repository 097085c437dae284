import { z } from 'zod';
import type { Amount } from '../market/units.js';
import { netLots, type BrokerState } from '../live/broker/broker-state.js';
import { units } from '../market/units.js';

const Truth = z.object({
  executions: z.array(z.object({ id: z.string(), venueOrderId: z.string(), symbol: z.string(), fee: z.number(), quantity: z.number() })),
  income: z.array(z.object({ id: z.string(), kind: z.string(), amount: z.number() })),
  positions: z.array(z.object({ symbol: z.string(), quantity: z.number() })),
  balances: z.array(z.object({ asset: z.string(), wallet: z.number() })),
});

/** One figure of an account, ours and the venue's, in units of 1e-8 of the asset (positions in lots). */
export interface LedgerFigure {
  readonly what: string;
  readonly ours: number;
  readonly venue: number;
}

const scaled = (amount: number): Amount => Math.round(amount * 1e8);
const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + scaled(amount), 0);

/** Every figure that a ledger has, ours beside the practice exchange's. Throws when its controls do not answer. */
export const ledgerFigures = async (controlUrl: string, account: string, state: BrokerState): Promise<readonly LedgerFigure[]> => {
  const answer = await fetch(`${controlUrl}/truth?account=${encodeURIComponent(account)}`);
  const truth = Truth.parse(await answer.json());
  const books = [...state.books.values()];
  const sum = (of: (book: (typeof books)[number]) => number): number => books.reduce((all, book) => all + of(book), 0);
  const income = (kind: string): number => total(truth.income.filter(each => each.kind === kind).map(({ amount }) => amount));
  return [
    { what: 'wallet', ours: sum(({ account: each }) => each.cash), venue: total(truth.balances.map(({ wallet }) => wallet)) },
    { what: 'realised profit', ours: sum(({ realised }) => realised), venue: income('realised') },
    // What each execution cost: a correction that comes later names none and is cash, on both sides.
    { what: 'fees', ours: sum(({ fees }) => fees), venue: total(truth.executions.map(({ fee }) => fee)) },
    { what: 'funding', ours: sum(({ funding }) => funding), venue: income('funding') },
    { what: 'executions', ours: [...state.executions].length, venue: truth.executions.length },
    ...state.instruments.map(instrument => ({
      what: `position in ${instrument.symbol}`,
      ours: netLots(state, instrument.symbol),
      venue: Math.round(
        (truth.positions.find(({ symbol }) => symbol === instrument.symbol)?.quantity ?? 0) / units(instrument).quantity(1),
      ),
    })),
  ];
};
