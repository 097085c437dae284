import { AFTER, marginChecks } from '../engine/engine.js';
import type { BarLine } from '../engine/bar-line.js';
import type { StrategyHost } from '../engine/strategy-host.js';
import { WorkingOrders } from '../engine/working-orders.js';
import type { Ticket } from '../events/order.js';
import { marketTicket } from '../execution/market-ticket.js';
import type { Lots } from '../market/units.js';
import { MarginBook, type MarginTerms } from '../portfolio/margin-book.js';
import { approve, checksOf, isDenial } from '../risk/approve.js';
import type { RiskCheck } from '../risk/risk-check.js';
import { CarriedLots } from './carried-lots.js';
import { lowFirst } from './matching/bar-path.js';
import { orderValue } from './matching/order-value.js';
import { SLACK } from './matching/slack.js';
import { volumeBudget } from './matching/volume-budget.js';
import type { PlainBoard } from './plain-board.js';
import type { PlainBooks } from './plain-books.js';
import type { PlainMargin } from './plain-margin.js';
import { priceAt } from './plain-price.js';
import { orderName } from './plain-record.js';
import type { PlainSetup } from './plain-terms.js';
import { unusual } from './plain-unusual.js';

/** What orders of a plain run hang on. */
interface PlainDesk {
  readonly setup: PlainSetup;
  readonly books: PlainBooks;
  readonly margin: PlainMargin;
  readonly terms: MarginTerms;
  readonly host: StrategyHost;
  readonly line: BarLine;
  readonly board: PlainBoard;
  /** The last close, quote currency. */
  readonly last: Float64Array;
}

/** Targets of a plain run and the market orders that meet them: one at a time, sent on the close of a bar and filled whole on the bar that opens then. */
export class PlainOrders {
  /** The order on its way to the venue. */
  ticket: Ticket | null = null;
  private readonly _s: PlainSetup;
  private readonly _books: PlainBooks;
  private readonly _margin: PlainMargin;
  private readonly _host: StrategyHost;
  private readonly _line: BarLine;
  private readonly _board: PlainBoard;
  private readonly _last: Float64Array;
  private readonly _orders: WorkingOrders;
  private readonly _checks: readonly RiskCheck[];
  private readonly _carried: CarriedLots;
  private _made = 0;
  private _reason = '';

  constructor({ setup, books, margin, terms, host, line, board, last }: PlainDesk) {
    this._s = setup;
    this._books = books;
    this._margin = margin;
    this._host = host;
    this._line = line;
    this._board = board;
    this._last = last;
    const { config, instrument, rules } = setup;
    const { account, venue } = books;
    this._orders = new WorkingOrders(account, last);
    this._checks = [...checksOf(config.risk, [instrument]), ...marginChecks(config, [instrument])];
    this._carried = new CarriedLots(venue, new MarginBook(venue, terms), rules, []);
  }

  /** Another target than the one at work, set at the close of a bar: its order, if it takes one, leaves at once. */
  aim(exposure: number, reason: string, now: number): void {
    const { _books: books, _last: last, _host: host } = this;
    const { account, units: u } = books;
    const { symbol, minNotional } = this._s.instrument;
    const { _board: board } = this;
    const isBarred = this._line.seen < host.warmup || !(now > this._s.config.from) || Number.isNaN(last[0]) || !host.listed(0);
    // Whatever else a script may give as its reason, the engine spells.
    if (!Number.isFinite(exposure) || typeof reason !== 'string' || exposure === board.target || isBarred) unusual();
    board.target = exposure;
    this._reason = reason;
    books.aim(exposure, reason, now);
    const equity = account.equity(last);
    const wanted = exposure === 0 ? 0 : u.lots(u.quantityOf(exposure * equity, last[0] as number));
    const held = account.lots[0] as Lots;
    const change = wanted - held;
    if (change === 0) return;
    const lots = Math.abs(change);
    const reduceOnly = held * change < 0 && lots <= Math.abs(held) && wanted * held >= 0;
    const ticket = marketTicket(orderName(++this._made), symbol, change > 0 ? 'buy' : 'sell', lots, reduceOnly);
    const value = u.quantity(lots) * (u.inverse ? 1 : (last[0] as number));
    if (!(reduceOnly || value >= minNotional) || isDenial(approve(ticket, this._orders, this._checks, 'ACTIVE'))) unusual();
    books.approve(ticket, now);
    this.ticket = ticket;
    board.isDue = true;
  }

  /** The order reaches the venue on the bar that opened as the last one closed. At the end of the data it never does. */
  arrive(row: number, closedAt: number): void {
    const { _books: books, _margin: margin } = this;
    const { venue, units: u } = books;
    const { config, data, rules, instrument } = this._s;
    const { ts, rows, columns } = data.bars;
    const [opens, highs, lows, closes, volumes] = columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const { side, lots, reduceOnly } = this.ticket as Ticket;
    const at = closedAt + rules.latency.order(closedAt);
    this.ticket = null;
    if (!(at < config.to + AFTER)) return;
    if (row >= rows || ts[row] !== closedAt || config.fills.kind !== 'bars') return unusual();
    const high = highs[row] as number;
    const low = lows[row] as number;
    const volume = volumes[row] as number;
    // The position that the order finds is there for a part of this bar.
    if (venue.open > 0 && !margin.isClear(low, high)) unusual();
    const { path, participation } = config.fills;
    const m = priceAt(at, closedAt, this._line.length, u, [opens[row]!, high, low, closes[row]!], (open, top, bottom, close) =>
      lowFirst(path, open, top, bottom, close, { position: venue.lots[0] as Lots, buys: 0, sells: 0 }),
    );
    const budget = volumeBudget(participation, volume, u.lotSize);
    const quantity = u.quantity(lots);
    const value = orderValue(u, quantity, m);
    if (lots > budget || !(reduceOnly || value >= instrument.minNotional * (1 - SLACK))) unusual();
    const buy = side === 'buy';
    const price = books.taken(buy, m, { price: m * u.tickSize, quantity, high, low, volume });
    const opening = { buy, lots, price, marketPrice: m, maker: false, first: true };
    if (this._carried.of({ index: 0, units: u }, 0, opening, at) < lots) unusual();
    books.book({ order: this._made, buy, lots, price, marketPrice: m, ts: at, reason: this._reason });
    margin.watch(m * u.tickSize);
  }
}
