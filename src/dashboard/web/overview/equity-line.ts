import { drawdownOf } from '../research/drawdown.js';

/** Most points that a page keeps of a line that grows: a page that stays open a day does not grow with it. */
const MOST = 4000;

/** History of equity with drawdown, and what the stream says now, as one growing line. */
interface EquityLine {
  readonly ts: readonly number[];
  readonly equity: readonly number[];
  /** ≤ 0, against the highest equity before. */
  readonly drawdown: readonly number[];
}

/** History, then those of the later points that are behind its end, with the drawdown of all. */
export const joinEquity = (
  history: { readonly ts: readonly number[]; readonly equity: readonly number[] },
  later: { readonly ts: readonly number[]; readonly equity: readonly number[] },
): EquityLine => {
  const end = history.ts.at(-1) ?? -Infinity;
  const from = later.ts.findIndex(ts => ts > end);
  const ts = from < 0 ? [...history.ts] : [...history.ts, ...later.ts.slice(from)];
  const equity = from < 0 ? [...history.equity] : [...history.equity, ...later.equity.slice(from)];
  return { ts, equity, drawdown: drawdownOf(equity) };
};

/** Adds a point to a live line, at the beginning of its step of market time: within a step the newest counts. What is kept is halved by leaving out every second old point when it is too long. */
export const addPoint = (
  line: { readonly ts: readonly number[]; readonly equity: readonly number[] },
  marketTime: number,
  equity: number,
  stepMs: number,
): { readonly ts: readonly number[]; readonly equity: readonly number[] } => {
  const ts = Math.floor(marketTime / stepMs) * stepMs;
  const last = line.ts.at(-1) ?? -Infinity;
  if (ts < last) return line;
  if (ts === last) return { ts: line.ts, equity: [...line.equity.slice(0, -1), equity] };
  const grown = { ts: [...line.ts, ts], equity: [...line.equity, equity] };
  if (grown.ts.length <= MOST) return grown;
  const keep = <T>(values: readonly T[]): T[] => values.filter((_, at) => at % 2 === 0 || at === values.length - 1);
  return { ts: keep(grown.ts), equity: keep(grown.equity) };
};
