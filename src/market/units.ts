import type { Instrument } from './instrument.js';

/**
 * Orders, fills and postings are booked in whole ticks and lots, money in whole 1e-8 of the settlement asset
 * ("amounts"), so that nothing is lost to binary fractions. Doubles hold such integers exactly up to 2^53:
 * 90 million units of a dollar-like asset. Beyond that `exact` throws rather than round.
 */
export const AMOUNT_SCALE = 1e8;

declare const unit: unique symbol;
/** Whole number of price ticks. */
export type Ticks = number & { readonly [unit]?: 'ticks' };
/** Whole number of lots; negative is short or sold. */
export type Lots = number & { readonly [unit]?: 'lots' };
/** Whole number of 1e-8 of the settlement asset. */
export type Amount = number & { readonly [unit]?: 'amount' };

/** The value, if it is an integer that a double holds exactly; throws a RangeError naming `what` otherwise. */
export const exact = (value: number, what: string): number => {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${what} is ${value}, which cannot be booked exactly (limit ±9,007,199,254,740,991)`);
  return value;
};

/** Money (float, in whole units of the asset) to an amount, rounded half away from zero as ledgers do. */
export const toAmount = (money: number): Amount => exact(halfAway(money * AMOUNT_SCALE), 'an amount');

/** Amount to money in whole units of the asset. */
export const toMoney = (amount: Amount): number => amount / AMOUNT_SCALE;

/** Conversions between an instrument's market units (floats) and its booking units (integers). */
export interface Units {
  readonly tickSize: number;
  readonly lotSize: number;
  /** The contract is worth quantity ÷ price in the settlement asset, and not quantity × price. */
  readonly inverse: boolean;
  /** Nearest tick. */
  ticks(price: number): Ticks;
  /** Largest tick not above the price (to within a billionth of a tick). */
  ticksDown(price: number): Ticks;
  /** Smallest tick not below the price (to within a billionth of a tick). */
  ticksUp(price: number): Ticks;
  /** Lots in a quantity, rounded toward zero (to within a billionth of a lot). */
  lots(quantity: number): Lots;
  price(ticks: Ticks): number;
  quantity(lots: Lots): number;
  /** Value of `lots` at `ticks` in the settlement asset; has the sign of `lots`. */
  notional(ticks: Ticks, lots: Lots): Amount;
  /**
   * What a position of `lots` is worth at `ticks` up to a constant: the difference between two prices is its profit. Notional for linear contracts; for inverse ones minus the notional, for the coins that a
   * dollar is worth grow fewer as the price rises.
   */
  value(ticks: Ticks, lots: Lots): Amount;
  /** Notional of a signed quantity at a price, as a float in the settlement asset: for marks and margins, not for booking. */
  notionalOf(quantity: number, price: number): number;
  /** Quantity whose notional is this at a price. */
  quantityOf(notional: number, price: number): number;
}

const halfAway = (x: number): number => (x < 0 ? -Math.round(-x) : Math.round(x));

const decimals = (x: number): number => {
  const [mantissa = '', exponent] = x.toString().split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent ?? 0));
};

/** A billionth, and the error of the division itself, which is more than that beyond ten million steps. */
const slack = (n: number): number => 1e-9 + Math.abs(n) * 5e-16;

/** Exact where tick × lot is a whole number of 1e-8, which it is on every venue preset; rounded to the nearest 1e-8 otherwise. */
export const units = ({
  tickSize,
  lotSize,
  kind,
}: Pick<Instrument, 'tickSize' | 'lotSize'> & { readonly kind?: Instrument['kind'] }): Units => {
  const inverse = kind === 'inverse-perpetual';
  // Division by an integer power of ten rounds correctly where multiplication by 0.1 does not: 3 * 0.1 is not 0.3.
  const tickScale = Number(`1e${decimals(tickSize)}`);
  const lotScale = Number(`1e${decimals(lotSize)}`);
  const tickUnits = Math.round(tickSize * tickScale);
  const lotUnits = Math.round(lotSize * lotScale);
  const amountPerTickLot = tickSize * lotSize * AMOUNT_SCALE;
  const whole = Math.abs(amountPerTickLot - Math.round(amountPerTickLot)) < 1e-6 && amountPerTickLot >= 1 - 1e-6;
  const perTickLot = whole ? Math.round(amountPerTickLot) : amountPerTickLot;
  const price = (ticks: Ticks): number => (ticks * tickUnits) / tickScale;
  const quantity = (lots: Lots): number => (lots * lotUnits) / lotScale;
  const notional = inverse
    ? (ticks: Ticks, lots: Lots): Amount => exact(halfAway((quantity(lots) / price(ticks)) * AMOUNT_SCALE), 'a notional')
    : (ticks: Ticks, lots: Lots): Amount => exact(whole ? ticks * lots * perTickLot : halfAway(ticks * lots * perTickLot), 'a notional');
  return {
    tickSize,
    lotSize,
    inverse,
    ticks: price => Math.round(price / tickSize),
    ticksDown: price => Math.floor(price / tickSize + slack(price / tickSize)),
    ticksUp: price => Math.ceil(price / tickSize - slack(price / tickSize)),
    lots: quantity => {
      const n = quantity / lotSize;
      return n >= 0 ? Math.floor(n + slack(n)) : -Math.floor(-n + slack(n));
    },
    price,
    quantity,
    notional,
    value: inverse ? (ticks, lots) => -notional(ticks, lots) : notional,
    notionalOf: inverse ? (q, p) => q / p : (q, p) => q * p,
    quantityOf: inverse ? (n, p) => n * p : (n, p) => n / p,
  };
};

const known = new WeakMap<Instrument, Units>();

/** The units of an instrument, the same object for everybody who asks: machine code that was made for one run then serves the next. */
export const unitsOf = (instrument: Instrument): Units => {
  let found = known.get(instrument);
  if (found === undefined) known.set(instrument, (found = units(instrument)));
  return found;
};
