import { exact, type Amount } from '../market/units.js';

/** Half away from zero, as venues' ledgers round. */
export const roundHalfAway = (x: number): number => (x < 0 ? -Math.round(-x) : Math.round(x));

/**
 * What a position receives (+) or pays (−) at one settlement: −notional × rate, where notional has the position's sign and is valued at the
 * mark price. A positive rate is paid by longs to shorts (Binance and Bybit USDⓈ-M rules).
 */
export const fundingPayment = (notionalAtMark: Amount, rate: number): Amount =>
  exact(roundHalfAway(-notionalAtMark * rate), 'a funding payment');
