import { roundHalfAway } from '../costs/funding.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { exact, toAmount, toMoney, units, type Amount, type Lots, type Ticks, type Units } from '../market/units.js';

/** cost × part ÷ whole, rounded half away from zero; exact even where the product leaves the safe integers. */
const share = (cost: Amount, part: number, whole: number): Amount => {
  const product = cost * part;
  if (Number.isSafeInteger(product)) return roundHalfAway(product / whole);
  const n = BigInt(cost) * BigInt(part) * 2n + (cost < 0 ? -BigInt(whole) : BigInt(whole));
  return Number(n / (2n * BigInt(whole)));
};

/**
 * Cash and positions of one account in booking units, at average cost. Positions are addressed by the symbol's index.
 * Equity = cash + Σ (notional at a price − cost). One fold serves the venue's books and the strategy's view of them.
 */
export class Account {
  readonly symbols: readonly Symbol[];
  readonly units: readonly Units[];
  private readonly _index = new Map<Symbol, number>();
  /** Signed lots by symbol index. */
  readonly lots: Float64Array;
  /** Signed cost of the open lots, by symbol index, in amount units. */
  readonly cost: Float64Array;
  /** Amount units. */
  cash: Amount;
  /** Number of symbols with a position. */
  open = 0;

  constructor(instruments: readonly Instrument[], capital: number) {
    this.symbols = instruments.map(i => i.symbol);
    this.units = instruments.map(units);
    this.symbols.forEach((symbol, i) => this._index.set(symbol, i));
    this.lots = new Float64Array(instruments.length);
    this.cost = new Float64Array(instruments.length);
    this.cash = toAmount(capital);
  }

  /** Index of a symbol; −1 when the account does not know it. */
  indexOf(symbol: Symbol): number {
    return this._index.get(symbol) ?? -1;
  }

  unitsAt(i: number): Units {
    return this.units[i] as Units;
  }

  /** Book one fill of signed lots; returns what it realised before its fee. */
  fill(i: number, price: Ticks, signedLots: Lots, fee: Amount): Amount {
    const u = this.unitsAt(i);
    const held = this.lots[i] ?? 0;
    const cost = this.cost[i] ?? 0;
    let realised = 0;
    if (held === 0 || held > 0 === signedLots > 0) {
      this.cost[i] = exact(cost + u.notional(price, signedLots), 'a position cost');
    } else {
      const closing = Math.min(Math.abs(held), Math.abs(signedLots));
      const released = closing === Math.abs(held) ? cost : share(cost, closing, Math.abs(held));
      realised = exact(u.notional(price, held > 0 ? closing : -closing) - released, 'a realised profit');
      const opening = signedLots + (held > 0 ? closing : -closing);
      this.cost[i] = opening === 0 ? cost - released : u.notional(price, opening);
    }
    const now = held + signedLots;
    this.lots[i] = now;
    if (held === 0 && now !== 0) this.open++;
    else if (held !== 0 && now === 0) this.open--;
    this.cash = exact(this.cash + realised - fee, 'a cash balance');
    return realised;
  }

  /** Book cash that comes (+) or goes (−) for another reason, such as funding. */
  pay(amount: Amount): void {
    this.cash = exact(this.cash + amount, 'a cash balance');
  }

  /** Signed notional of a position at a price, quote currency (float: for marks, not for booking). */
  notionalAt(i: number, price: number): number {
    return (this.lots[i] ?? 0) * this.unitsAt(i).quantity(1) * price;
  }

  /** Average entry price, quote currency; NaN when flat. */
  entryPrice(i: number): number {
    const held = this.lots[i] ?? 0;
    return held === 0 ? NaN : toMoney(this.cost[i] ?? 0) / this.unitsAt(i).quantity(held);
  }

  /** Cash + unrealised PnL at these last prices (by symbol index), settlement asset. */
  equity(last: Float64Array): number {
    let equity = toMoney(this.cash);
    if (this.open > 0)
      for (let i = 0; i < this.lots.length; i++) {
        if (this.lots[i] !== 0) equity += this.notionalAt(i, last[i] ?? NaN) - toMoney(this.cost[i] ?? 0);
      }
    return equity;
  }
}
