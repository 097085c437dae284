/** Fills and payments of one symbol, by column. */
export interface TripBasis {
  readonly inverse: boolean;
  readonly seq: Float64Array;
  readonly ts: Float64Array;
  /** 1 for a buy, −1 for a sell. */
  readonly signs: Float64Array;
  readonly prices: Float64Array;
  readonly quantities: Float64Array;
  readonly fees: Float64Array;
  readonly realised: Float64Array;
  readonly paidSeq: Float64Array;
  readonly paidTs: Float64Array;
  readonly received: Float64Array;
}

/** As in `roundTrips`. */
const EPSILON = 1e-9;

/** What metrics read of the round trips that `roundTrips` makes of the same fills and payments, bit by bit, without the trips. */
export const plainTrips = (
  basis: TripBasis,
): { readonly netPnl: Float64Array; readonly netReturn: Float64Array; readonly held: Float64Array } => {
  const { inverse, seq, ts, signs, prices, quantities, fees, realised, paidSeq, paidTs, received } = basis;
  const fills = seq.length;
  // A fill ends one trip at most.
  const netPnl = new Float64Array(fills);
  const netReturn = new Float64Array(fills);
  const held = new Float64Array(fills);
  let trips = 0;
  let paid = 0;
  let isOpen = false;
  let isLong = false;
  let quantity = 0;
  let largest = 0;
  let entryTs = 0;
  // Of the fills on the side that the trip began with.
  let entered = 0;
  let value = 0;
  let gross = 0;
  let fee = 0;
  let funding = 0;
  for (let i = 0; i < fills; i++) {
    const now = ts[i]!;
    for (; paid < paidSeq.length; paid++) {
      if (paidTs[paid]! > now || (paidTs[paid] === now && paidSeq[paid]! > seq[i]!)) break;
      if (isOpen) funding += received[paid]!;
    }
    const sign = signs[i]!;
    const filled = quantities[i]!;
    const price = prices[i]!;
    let left = filled;
    if (isOpen && quantity * sign < 0) {
      const closing = Math.min(left, Math.abs(quantity));
      if (sign > 0 === isLong) {
        entered += closing;
        value += inverse ? closing / price : closing * price;
      }
      fee += fees[i]! * (closing / filled);
      gross += realised[i]!;
      quantity += sign * closing;
      left -= closing;
      if (Math.abs(quantity) < EPSILON * largest) {
        const entry = inverse ? entered / value : value / entered;
        const net = gross - fee + funding;
        netPnl[trips] = net;
        netReturn[trips] = net / (inverse ? largest / entry : largest * entry);
        held[trips] = now - entryTs;
        trips++;
        isOpen = false;
      }
    }
    if (left > EPSILON * filled) {
      if (!isOpen) {
        isOpen = true;
        isLong = sign > 0;
        entryTs = now;
        quantity = largest = entered = value = gross = fee = funding = 0;
      }
      if (sign > 0 === isLong) {
        entered += left;
        value += inverse ? left / price : left * price;
      }
      fee += fees[i]! * (left / filled);
      quantity += sign * left;
      largest = Math.max(largest, Math.abs(quantity));
    }
  }
  return { netPnl: netPnl.subarray(0, trips), netReturn: netReturn.subarray(0, trips), held: held.subarray(0, trips) };
};
