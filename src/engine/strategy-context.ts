import type { FundingRate } from '../events/market.js';
import type { PositionSide } from '../events/order.js';
import type { BookFeed } from '../market/book-sync.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toMoney, type Units } from '../market/units.js';
import type { BookView } from '../market/order-book.js';
import type { ForecastView } from '../models/forecast-source.js';
import type { Account } from '../portfolio/account.js';
import type { Context, LegView, PositionView } from '../strategies/strategy.js';
import type { Params } from './run-result.js';

/** What changes from one look to the next. */
export interface ContextNow {
  readonly now: number;
  readonly equity: number;
  readonly universe: readonly Symbol[];
}

/** What a context answers from; arrays are by symbol index. */
export interface ContextSource {
  readonly host: ContextNow;
  readonly params: Params;
  readonly memory: unknown;
  readonly account: Account;
  /** Last closes, quote currency. */
  readonly last: Float64Array;
  readonly instruments: readonly Instrument[];
  readonly books: readonly (BookFeed | undefined)[];
  /** Index of a symbol; throws for one that is not in the run. */
  readonly index: (symbol: Symbol) => number;
  readonly funding: (index: number) => FundingRate | undefined;
  readonly forecast: (index: number) => ForecastView | undefined;
  readonly random: () => number;
  readonly plot: (name: string, value: number) => void;
  readonly note: (text: string) => void;
}

/**
 * Own properties, so that a spread of the context takes them as of now. One getter serves all contexts: objects that each have a getter of their own under one name lose their fast shape, and every look at them costs
 * as much as a bar.
 */
const LIVE: PropertyDescriptorMap & ThisType<StrategyContext> = {
  now: {
    get() {
      return this.host.now;
    },
    enumerable: true,
  },
  equity: {
    get() {
      return this.host.equity;
    },
    enumerable: true,
  },
  universe: {
    get() {
      return this.host.universe;
    },
    enumerable: true,
  },
};

/** What a strategy is given besides the bar; its functions may be taken apart from it. */
export class StrategyContext implements Context<Params> {
  declare readonly host: ContextNow;
  declare readonly now: number;
  declare readonly equity: number;
  declare readonly universe: readonly Symbol[];
  readonly params: Params;
  readonly memory: unknown;
  readonly position: (symbol: Symbol) => PositionView;
  readonly quantityFor: (symbol: Symbol, exposure: number) => number;
  readonly instrument: (symbol: Symbol) => Instrument;
  readonly funding: (symbol: Symbol) => FundingRate | undefined;
  readonly book: (symbol: Symbol) => BookView | undefined;
  readonly forecast: (symbol: Symbol) => ForecastView | undefined;
  readonly random: () => number;
  readonly plot: (name: string, value: number) => void;
  readonly note: (text: string) => void;

  constructor(source: ContextSource) {
    const { account, last, instruments, index, funding, forecast, books } = source;
    // Not for strategies: no spread or listing shows it.
    Object.defineProperty(this, 'host', { value: source.host });
    Object.defineProperties(this, LIVE);
    this.params = source.params;
    this.memory = source.memory;
    const alone = account.symbols.length === 1 && !account.hedge ? account.symbols[0] : null;
    this.position = symbol => (symbol === alone ? onlyPosition(account, last) : positionView(account, last, index(symbol)));
    this.quantityFor = (symbol, exposure) => {
      const i = index(symbol);
      return account.unitsAt(i).quantityOf(exposure * account.equity(last), last[i] ?? NaN);
    };
    this.instrument = symbol => instruments[index(symbol)] as Instrument;
    this.funding = symbol => funding(index(symbol));
    this.book = symbol => {
      const feed = books[index(symbol)];
      return feed?.valid === true ? feed.book : undefined;
    };
    this.forecast = symbol => forecast(index(symbol));
    this.random = source.random;
    this.plot = source.plot;
    this.note = source.note;
  }
}

/**
 * `positionView` of an account with one place for a position: small enough to be made a part of `decide`, where what is not looked at costs nothing. One literal for both cases: a compiler does away with an object
 * only where it sees which one it is.
 */
const onlyPosition = (account: Account, last: Float64Array): PositionView => {
  const lots = account.lots[0] as number;
  let quantity = 0;
  let entryPrice = NaN;
  let exposure = 0;
  if (lots !== 0) {
    const u = account.units[0] as Units;
    const price = last[0] as number;
    const cost = toMoney(account.cost[0] as number);
    quantity = u.quantity(lots);
    const held = lots * u.quantity(1);
    const notional = u.inverse ? held / price : held * price;
    const equity = toMoney(account.cash) + ((u.inverse ? -notional : notional) - cost);
    entryPrice = u.inverse ? -quantity / cost : cost / quantity;
    exposure = notional / equity;
  }
  return { quantity, entryPrice, exposure };
};

const positionView = (account: Account, last: Float64Array, i: number): PositionView => {
  const held = account.net(i);
  if (!account.hedge && held === 0) return { quantity: 0, entryPrice: NaN, exposure: 0 };
  const exposure = held === 0 ? 0 : account.exposureAt(i, last[i] ?? NaN) / account.equity(last);
  const quantity = account.unitsAt(i).quantity(held);
  if (!account.hedge) return { quantity, entryPrice: account.entryPrice(i), exposure };
  const leg = (side: PositionSide): LegView => {
    const slot = account.slot(i, side);
    return { quantity: account.unitsAt(i).quantity(account.lots[slot] ?? 0), entryPrice: account.entryPrice(slot) };
  };
  return { quantity, entryPrice: NaN, exposure, long: leg('long'), short: leg('short') };
};
