/** Names that the exchange gives. Each kind counts by itself; executions by symbol, so that two symbols have trades of one id, as at Binance. */
export interface VenueIds {
  order(): string;
  conditional(): string;
  execution(symbol: number): string;
  income(): string;
  /** For orders that were given no client id. */
  client(prefix: string): string;
}

const HUGE = 9_007_199_254_740_993n;

export const venueIds = (hugeIdEvery: number): VenueIds => {
  let orders = 0;
  let conditionals = 0;
  let incomes = 0;
  let clients = 0;
  const executions = new Map<number, number>();
  return {
    order: () => {
      const n = ++orders;
      // Odd, so that a double cannot tell it from its neighbour.
      return hugeIdEvery > 0 && n % hugeIdEvery === 0 ? String(HUGE + 2n * BigInt(n)) : String(4_100_000_000 + n);
    },
    conditional: () => String(2_000_000 + ++conditionals),
    execution: symbol => {
      const n = (executions.get(symbol) ?? 0) + 1;
      executions.set(symbol, n);
      return String(700_000_000 + n);
    },
    income: () => String(9_100_000_000 + ++incomes),
    client: prefix => `${prefix}${++clients}`,
  };
};
