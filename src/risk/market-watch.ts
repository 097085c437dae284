import type { Symbol } from '../market/instrument.js';
import { YEAR } from '../time.js';
import { LIMIT_DEFAULTS, type RiskLimits } from './limits.js';
import { returnTape, type ReturnTape } from './return-tape.js';
import { VOLATILITY_RELEASE } from './volatility-halt.js';

/** What the gate knows of the market, as a fold of prices and quotes. Symbols by index for who feeds it, by name for the checks. */
export interface MarketWatch {
  /** A bar of the symbol closed at `ts` (epoch ms). */
  close(index: number, ts: number, price: number): void;
  /** Another sign of life of the symbol's price, such as a trade. */
  traded(index: number, ts: number): void;
  quoted(index: number, bid: number, ask: number): void;
  /** When the latest price happened; NaN before the first. */
  pricedAt(symbol: Symbol): number;
  /** Quoted spread, bp of the middle; NaN without a quote that could be one. */
  spread(symbol: Symbol): number;
  /** Realised volatility per year of a symbol, where a limit on it makes this watch keep returns; NaN while it is not known. */
  volatility(symbol: Symbol): number;
  /** Realised volatility per year of a symbol that is held up for it, else NaN. */
  wildness(symbol: Symbol): number;
  correlation(a: Symbol, b: Symbol): number;
  /** Other limits hold from now on. What has been seen stays, but for returns when a longer look back is asked for: those fill up anew. */
  change(limits: RiskLimits): void;
}

const volatilityWindow = ({ volatilityWindow: n }: RiskLimits): number => n ?? LIMIT_DEFAULTS.volatilityWindow;
const correlationWindow = ({ correlationWindow: n }: RiskLimits): number => n ?? LIMIT_DEFAULTS.correlationWindow;

/** A watch over symbols with bars of `barMs`. Returns are kept only for limits that need them. */
export const marketWatch = (symbols: readonly Symbol[], barMs: number, limits: RiskLimits): MarketWatch => {
  const indexOf = new Map(symbols.map((symbol, i) => [symbol, i]));
  const seen = new Float64Array(symbols.length).fill(NaN);
  const spreads = new Float64Array(symbols.length).fill(NaN);
  const wild = new Float64Array(symbols.length).fill(NaN);
  let held = limits;
  let tape: ReturnTape | null = null;
  let capacity = 0;
  const prepare = (): void => {
    const needed = Math.max(
      (held.maxVolatility ?? null) === null ? 0 : volatilityWindow(held) + 1,
      (held.maxCorrelated ?? null) === null ? 0 : correlationWindow(held) + 1,
    );
    if (needed <= capacity) return;
    capacity = needed;
    tape = returnTape(symbols.length, capacity);
  };
  prepare();
  const volatilityOf = (index: number): number =>
    tape === null || (held.maxVolatility ?? null) === null ? NaN : tape.deviation(index, volatilityWindow(held)) * Math.sqrt(YEAR / barMs);
  const judge = (index: number): void => {
    const bound = held.maxVolatility ?? null;
    if (bound === null || tape === null) {
      wild[index] = NaN;
      return;
    }
    const volatility = volatilityOf(index);
    const release = wild[index]! >= 0 ? bound * VOLATILITY_RELEASE : bound;
    wild[index] = volatility > release ? volatility : NaN;
  };
  const of = (column: Float64Array, symbol: Symbol): number => column[indexOf.get(symbol) ?? -1] ?? NaN;
  return {
    close: (index, ts, price) => {
      if (!(seen[index]! >= ts)) seen[index] = ts;
      if (tape === null) return;
      tape.push(index, ts, price);
      judge(index);
    },
    traded: (index, ts) => {
      if (!(seen[index]! >= ts)) seen[index] = ts;
    },
    quoted: (index, bid, ask) => {
      // A crossed book says nothing about the cost of a trade.
      spreads[index] = bid > 0 && ask >= bid ? ((ask - bid) / ((ask + bid) / 2)) * 1e4 : NaN;
    },
    pricedAt: symbol => of(seen, symbol),
    spread: symbol => of(spreads, symbol),
    volatility: symbol => {
      const index = indexOf.get(symbol);
      return index === undefined ? NaN : volatilityOf(index);
    },
    wildness: symbol => of(wild, symbol),
    correlation: (a, b) => tape?.correlation(indexOf.get(a) ?? 0, indexOf.get(b) ?? 0, correlationWindow(held)) ?? NaN,
    change: next => {
      held = next;
      prepare();
      for (let i = 0; i < symbols.length; i++) judge(i);
    },
  };
};
