import type { VenueBalance, VenueExecution, VenueIncome, VenueOrder, VenuePosition } from '../../live/venue-transport.js';
import type { PracticeExchange } from '../practice-exchange.js';

/** Everything that the exchange knows of an account: what an oracle compares with. */
export interface Truth {
  readonly account: string;
  readonly market: number;
  /** Every order ever, oldest first. */
  readonly orders: readonly VenueOrder[];
  readonly executions: readonly VenueExecution[];
  readonly income: readonly VenueIncome[];
  readonly positions: readonly VenuePosition[];
  readonly balances: readonly VenueBalance[];
  /** How often each kind of fault met something. */
  readonly bites: Readonly<Record<string, number>>;
  readonly sentWhileBanned: number;
}

/** What only the server knows of it. */
export interface ServerCounters {
  readonly bites: Readonly<Record<string, number>>;
  readonly sentWhileBanned: number;
}

/** The account as it is at this market moment. */
export const truthOf = (exchange: PracticeExchange, account: string, counters: ServerCounters): Truth => ({
  account,
  market: exchange.now,
  orders: exchange.allOrders(account),
  executions: exchange.executions(account, null, -Infinity, Infinity),
  income: exchange.income(account, -Infinity, Infinity),
  positions: exchange.positions(account),
  balances: exchange.balances(account),
  ...counters,
});
