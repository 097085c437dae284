import { MarginConfig } from '../../engine/run-config.js';
import type { Amendment, Ticket } from '../../events/order.js';
import { marketTicket } from '../../execution/market-ticket.js';
import { RANK, type VenueEvent } from '../../execution/venue.js';
import type { Lots, Ticks } from '../../market/units.js';
import { approve, approveAmendment, isDenial } from '../../risk/approve.js';
import type { RiskView } from '../../risk/risk-check.js';
import { exchangeRules } from '../../sim/exchange-rules.js';
import { BarMarket } from '../../sim/matching/bar-market.js';
import { workingOrder, type WorkingOrder } from '../../sim/matching/working-order.js';
import { runConfig } from '../../sim/run-defaults.js';
import { SimulatedExchange } from '../../sim/simulated-exchange.js';
import type { PracticeConfig } from './exchange-options.js';
import { rowsBy, rowsFrom } from './rows.js';
import { inputsOf, type SymbolState } from './symbol-state.js';

/** How the account is kept. */
interface AccountTerms {
  readonly states: readonly SymbolState[];
  readonly config: PracticeConfig;
  readonly hedge: boolean;
  readonly mode: 'cross' | 'isolated';
  /** By symbol index; read at each question, so that it may change. */
  readonly leverage: readonly number[];
  /** Settlement asset. */
  readonly capital: number;
}

/** The simulated exchange of one account, and its markets. Nothing takes time in it: what is sent at a moment arrives at that moment. */
export interface AccountExchange {
  readonly venue: SimulatedExchange;
  readonly markets: readonly BarMarket[];
  submit(ticket: Ticket): void;
  amend(amendment: Amendment): void;
  /** Take an order back for the exchange's own reason. */
  drop(symbol: number, orderId: string, code: string): void;
  /** A trade of the account's that no market made, at a price of the exchange's choice. */
  book(symbol: number, ticket: Ticket, price: Ticks): void;
  /** Trailing stops of a market that was set up anew go on from the best prices that they had followed to; `tickSize` is what these were counted in. */
  resume(symbol: number, before: readonly WorkingOrder[], tickSize: number): void;
  /** Let everything that is due now happen, and have the margin looked at. */
  settle(): void;
}

/** A venue has no gate for orders that reach it. */
const AT_VENUE: RiskView = {
  equity: 1,
  symbols: [],
  lastPrice: () => NaN,
  held: () => 0,
  notional: () => 0,
  workingLots: () => 0,
  workingNotional: () => 0,
  ticketNotional: () => 0,
  limitPrice: () => null,
};

const NOBODY = '';

export const accountExchange = (terms: AccountTerms, hear: (event: VenueEvent) => void, clock: () => number): AccountExchange => {
  const { states, config, hedge, mode, leverage, capital } = terms;
  const instruments = states.map(({ matched }) => matched);
  const run = runConfig({
    exchange: 'binance',
    from: 0,
    to: 1,
    symbols: instruments.map(({ symbol }) => symbol),
    timeframe: states[0]!.timeframe,
    seed: config.seed,
    leverage: config.leverage,
    fees: { kind: 'maker-taker', ...config.fees },
    slippage: config.slippage,
    latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
    fills: { kind: 'bars', ...config.fills },
    margin: MarginConfig.parse({ mode, positions: hedge ? 'hedge' : 'one-way', liquidation: { fee: config.liquidationFee } }),
  });
  const rules = exchangeRules(run, instruments, states.flatMap(inputsOf));
  const margin = rules.margin === null ? null : { ...rules.margin, terms: { ...rules.margin.terms, leverage } };
  const markets: BarMarket[] = [];
  const venue = new SimulatedExchange(instruments, capital, { ...rules, margin }, (index, instrument, account, host) => {
    const market = new BarMarket(
      index,
      instrument,
      account.unitsAt(index),
      { ...config.fills, slippage: rules.slippage, closesOnPath: true },
      host,
    );
    markets.push(market);
    return market;
  });
  venue.connect(hear, clock);
  const now = clock();
  for (const { bars, mark, funding } of states) {
    venue.load(rowsFrom(bars, rowsBy(bars, now) - 2));
    if (mark !== null) venue.load(rowsFrom(mark, rowsBy(mark, now) - 1));
    if (funding !== null) venue.load(rowsFrom(funding, rowsBy(funding, now)));
  }
  const fill = (symbol: number, ticket: Ticket, lots: Lots, price: Ticks): void =>
    venue.filled(markets[symbol]!, workingOrder(ticket), lots, price, price, false, clock());

  return {
    venue,
    markets,
    submit: ticket => {
      const approved = approve(ticket, AT_VENUE, [], 'ACTIVE');
      if (!isDenial(approved)) venue.submit(approved);
    },
    amend: amendment => {
      const approved = approveAmendment(amendment, null, AT_VENUE, [], 'ACTIVE');
      if (!isDenial(approved)) venue.amend(approved);
    },
    drop: (symbol, orderId, code) => {
      markets[symbol]!.cancel(orderId, clock(), code);
    },
    book: (symbol, ticket, price) => fill(symbol, ticket, ticket.lots, price),
    resume: (symbol, before, tickSize) => {
      if (before.length === 0) return;
      const market = markets[symbol]!;
      const scale = tickSize / market.units.tickSize;
      for (const { ticket, extreme, stop } of before) {
        const order = market.working.find(each => each.ticket.orderId === ticket.orderId && each.state === 'stop');
        if (order === undefined || stop === null) continue;
        order.extreme = extreme * scale;
        order.stop = Math.round(stop * scale);
        if (ticket.triggerBy !== 'mark') order.level = order.stop;
      }
      // No rows: it only plans anew.
      venue.load({ ...states[symbol]!.bars, rows: 0 });
    },
    settle: () => {
      const at = clock();
      // A trade of nothing, and then a word about no order: the exchange looks at its margin and plans anew.
      fill(0, marketTicket(NOBODY, instruments[0]!.symbol, 'buy', 0), 0, 1);
      venue.cancel(NOBODY);
      while (venue.nextAt < at || (venue.nextAt === at && venue.nextRank < RANK.open)) venue.step();
      // What came between two bars, at the moment at which the next one opens, meets it at once.
      const isWaiting = markets.some(({ working }) => working.some(({ state }) => state === 'waiting'));
      while (isWaiting && venue.nextAt === at) venue.step();
    },
  };
};
