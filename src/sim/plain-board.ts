/** What the loop over the bars of a plain run looks at on each of them, and what happens between bars changes. */
export class PlainBoard {
  /** Of the strategy's account: money, cost of its position, and the position in base units (inverse: quote currency). They change with what it hears, after a bar. */
  cash = NaN;
  cost = NaN;
  quantity = NaN;
  /** Whether it holds nothing. */
  isFlat = true;
  /** Exposure last asked for. */
  target = NaN;
  /** Prices that no bar may touch while the venue holds something, quote currency. */
  below = -Infinity;
  above = Infinity;
  /** Whether a payment is to be told of, or an order is on its way. */
  isDue = false;

  constructor() {
    // Numbers that begin as whole ones are kept as such until a fraction comes, which then costs all code that is made for the board.
    this.cost = 0;
    this.quantity = 0;
    this.target = 0;
  }
}
