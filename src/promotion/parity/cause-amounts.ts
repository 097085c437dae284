import { toMoney } from '../../market/units.js';
import { GAP_CAUSES, type GapCause } from './certificate.js';

/** One figure a cause, in the order of `GAP_CAUSES`. */
export type CauseAmounts = Float64Array;

/** Nothing by any cause. */
export const noAmounts = (): CauseAmounts => new Float64Array(GAP_CAUSES.length);

/** The place of a cause. */
export const causeIndex = (cause: GapCause): number => GAP_CAUSES.indexOf(cause);

/** Money by cause from amounts in units of 1e-8; `sign` −1 turns profit into cost. */
export const moneyByCause = (amounts: CauseAmounts, sign: 1 | -1 = 1): Readonly<Record<GapCause, number>> => ({
  data: signed(amounts, 'data', sign),
  rejected: signed(amounts, 'rejected', sign),
  latency: signed(amounts, 'latency', sign),
  fillPrice: signed(amounts, 'fillPrice', sign),
  fees: signed(amounts, 'fees', sign),
  funding: signed(amounts, 'funding', sign),
  unexplained: signed(amounts, 'unexplained', sign),
});

/** Zero has no sign. */
const signed = (amounts: CauseAmounts, cause: GapCause, sign: 1 | -1): number => toMoney(amounts[causeIndex(cause)]! * sign) + 0;

/** Whole units that add up to a whole total: each is rounded, and what rounding leaves goes to the largest (the first of equals). */
export const wholeAmounts = (exact: CauseAmounts, total: number): CauseAmounts => {
  const whole = exact.map(Math.round);
  let largest = 0;
  for (let c = 1; c < exact.length; c++) if (Math.abs(exact[c]!) > Math.abs(exact[largest]!)) largest = c;
  whole[largest]! += total - whole.reduce((sum, amount) => sum + amount, 0);
  return whole;
};
