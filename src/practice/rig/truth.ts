import { clientIdIn } from '../../live/ccxt/bybit/link-id.js';
import type { VenueIncome } from '../../live/venue-transport.js';
import { toAmount, type Amount } from '../../market/units.js';
import type { PracticeExchange, PracticeExecution, PracticeOrder } from '../practice-exchange.js';

/** What really happened to an account, as the exchange has it. */
export interface Truth {
  /** With client ids as the platform writes them, whatever form the venue wants. */
  readonly orders: readonly PracticeOrder[];
  readonly executions: readonly PracticeExecution[];
  /** Signed base units by symbol, flat ones left out. */
  readonly positions: ReadonlyMap<string, number>;
  /** Of executions. */
  readonly fees: Amount;
  readonly funding: Amount;
  /** The opening balance, deposits, withdrawals, transfers, fees that were corrected later, and whatever else is neither trading nor funding. */
  readonly moved: Amount;
  readonly wallet: Amount;
}

const sum = (income: readonly VenueIncome[], pick: (entry: VenueIncome) => boolean): Amount =>
  income.reduce((total, each) => (pick(each) ? total + toAmount(each.amount) : total), 0);
const isFee = ({ kind, execution }: VenueIncome): boolean => kind === 'fee' && execution !== null;

export const truthOf = (exchange: PracticeExchange, account: string): Truth => {
  const income = exchange.income(account, -Infinity, Infinity);
  const positions = new Map<string, number>();
  for (const { symbol, quantity } of exchange.positions(account))
    if (quantity !== 0) positions.set(symbol, (positions.get(symbol) ?? 0) + quantity);
  const wallet = exchange.balances(account).reduce((total, each) => total + toAmount(each.wallet), 0);
  return {
    orders: exchange.allOrders(account).map(order => ({ ...order, clientId: clientIdIn(order.clientId) })),
    executions: exchange.executions(account, null, -Infinity, Infinity),
    positions,
    fees: -sum(income, isFee),
    funding: sum(income, ({ kind }) => kind === 'funding'),
    moved: wallet - sum(income, entry => isFee(entry) || entry.kind === 'funding' || entry.kind === 'realised'),
    wallet,
  };
};
