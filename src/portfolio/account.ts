import { roundHalfAway } from '../costs/funding.js';
import type { PositionSide } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { exact, toAmount, toMoney, unitsOf, type Amount, type Lots, type Ticks, type Units } from '../market/units.js';

/** cost × part ÷ whole, rounded half away from zero; exact even where the product leaves the safe integers. */
const share = (cost: Amount, part: number, whole: number): Amount => {
  const product = cost * part;
  if (Number.isSafeInteger(product)) return roundHalfAway(product / whole);
  const n = BigInt(cost) * BigInt(part) * 2n + (cost < 0 ? -BigInt(whole) : BigInt(whole));
  return Number(n / (2n * BigInt(whole)));
};

/**
 * Cash and positions of one account in booking units, at average cost. Positions are addressed by slot: the symbol's index and, in hedge mode, that plus the number of symbols for the short one of the
 * two. Equity = cash + Σ (value at a price − cost). One fold serves the venue's books and the strategy's view of them.
 */
export class Account {
  readonly symbols: readonly Symbol[];
  readonly units: readonly Units[];
  readonly hedge: boolean;
  private readonly _index = new Map<Symbol, number>();
  /** Signed lots by slot. */
  readonly lots: Float64Array;
  /** Signed value of the open lots when they were opened, by slot, in amount units. */
  readonly cost: Float64Array;
  /** Amount units. */
  cash: Amount;
  /** Number of slots with a position. */
  open = 0;

  constructor(instruments: readonly Instrument[], capital: number, options: { readonly hedge?: boolean } = {}) {
    const slots = instruments.length * (options.hedge === true ? 2 : 1);
    this.hedge = options.hedge === true;
    this.symbols = instruments.map(i => i.symbol);
    this.units = instruments.map(unitsOf);
    this.symbols.forEach((symbol, i) => this._index.set(symbol, i));
    this.lots = new Float64Array(slots);
    this.cost = new Float64Array(slots);
    this.cash = toAmount(capital);
  }

  /** Index of a symbol; −1 when the account does not know it. */
  indexOf(symbol: Symbol): number {
    // Mostly there is one, and a name is hashed more slowly than compared.
    return symbol === this.symbols[0] ? 0 : (this._index.get(symbol) ?? -1);
  }

  /** Place of a position: the symbol's own outside hedge mode, whatever the leg. */
  slot(i: number, leg: PositionSide | undefined): number {
    return leg === 'short' && this.hedge ? i + this.symbols.length : i;
  }

  /** Index of the symbol whose position a slot is. */
  symbolOf(slot: number): number {
    return slot < this.symbols.length ? slot : slot - this.symbols.length;
  }

  /** The leg that a slot is; undefined outside hedge mode. */
  legOf(slot: number): PositionSide | undefined {
    return this.hedge ? (slot < this.symbols.length ? 'long' : 'short') : undefined;
  }

  unitsAt(i: number): Units {
    return this.units[i] as Units;
  }

  /** Signed lots of a symbol over both of its legs. */
  net(i: number): Lots {
    return (this.lots[i] ?? 0) + (this.hedge ? (this.lots[i + this.symbols.length] ?? 0) : 0);
  }

  /** Book one fill of signed lots in a slot; returns what it realised before its fee. */
  fill(slot: number, price: Ticks, signedLots: Lots, fee: Amount): Amount {
    const u = this.unitsAt(this.symbolOf(slot));
    const held = this.lots[slot] ?? 0;
    const cost = this.cost[slot] ?? 0;
    let realised = 0;
    if (held === 0 || held > 0 === signedLots > 0) {
      this.cost[slot] = exact(cost + u.value(price, signedLots), 'a position cost');
    } else {
      const closing = Math.min(Math.abs(held), Math.abs(signedLots));
      const released = closing === Math.abs(held) ? cost : share(cost, closing, Math.abs(held));
      realised = exact(u.value(price, held > 0 ? closing : -closing) - released, 'a realised profit');
      const opening = signedLots + (held > 0 ? closing : -closing);
      this.cost[slot] = opening === 0 ? cost - released : u.value(price, opening);
    }
    const now = held + signedLots;
    this.lots[slot] = now;
    if (held === 0 && now !== 0) this.open++;
    else if (held !== 0 && now === 0) this.open--;
    this.cash = exact(this.cash + realised - fee, 'a cash balance');
    return realised;
  }

  /** Take over the books of another account of the same symbols. */
  restore(books: { readonly cash: Amount; readonly lots: readonly Lots[]; readonly cost: readonly Amount[] }): void {
    this.cash = books.cash;
    this.lots.set(books.lots);
    this.cost.set(books.cost);
    this.open = books.lots.filter(lots => lots !== 0).length;
  }

  /** Book cash that comes (+) or goes (−) for another reason, such as funding. */
  pay(amount: Amount): void {
    this.cash = exact(this.cash + amount, 'a cash balance');
  }

  /** Signed notional of the position in a slot at a price, settlement asset (float: for marks, not for booking). */
  notionalAt(slot: number, price: number): number {
    const u = this.unitsAt(this.symbolOf(slot));
    const quantity = (this.lots[slot] ?? 0) * u.quantity(1);
    return u.inverse ? quantity / price : quantity * price;
  }

  /** Unrealised profit of the position in a slot at a price, settlement asset. */
  profitAt(slot: number, price: number): number {
    const notional = this.notionalAt(slot, price);
    return (this.unitsAt(this.symbolOf(slot)).inverse ? -notional : notional) - toMoney(this.cost[slot] ?? 0);
  }

  /** Signed notional of a symbol over its legs at a price, settlement asset. */
  exposureAt(i: number, price: number): number {
    return this.notionalAt(i, price) + (this.hedge ? this.notionalAt(i + this.symbols.length, price) : 0);
  }

  /** Average entry price, quote currency; NaN when flat. */
  entryPrice(slot: number): number {
    const held = this.lots[slot] ?? 0;
    if (held === 0) return NaN;
    const u = this.unitsAt(this.symbolOf(slot));
    const cost = toMoney(this.cost[slot] ?? 0);
    return u.inverse ? -u.quantity(held) / cost : cost / u.quantity(held);
  }

  /** Cash + unrealised PnL at these last prices (by symbol index), settlement asset. */
  equity(last: Float64Array): number {
    let equity = toMoney(this.cash);
    if (this.open > 0)
      for (let slot = 0; slot < this.lots.length; slot++) {
        if (this.lots[slot] !== 0) equity += this.profitAt(slot, last[this.symbolOf(slot)] ?? NaN);
      }
    return equity;
  }
}
