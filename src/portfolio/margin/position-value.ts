/**
 * Signed value of a position in its settlement asset: quantity × price for linear contracts and spot, −quantity ÷ price for inverse ones, whose quantity is in quote currency. Value at a
 * price less value at entry is the profit of either kind, so that one account adds them all up.
 */
export const positionValue = (inverse: boolean, quantity: number, price: number): number =>
  inverse ? -quantity / price : quantity * price;
