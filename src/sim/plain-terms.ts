import type { IndicatorColumns } from '../engine/bar-line.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { Chunk } from '../events/market.js';
import { LONGEST_SYMBOL } from '../journal/target-fingerprint.js';
import type { Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { areWatching } from '../risk/rules.js';
import type { Strategy } from '../strategies/strategy.js';
import type { PlainFactsSetup } from './plain-facts.js';
import type { PlayBars } from './plain-loop.js';
import type { PlainScratch } from './plain-scratch.js';
import type { ExchangeRules } from './simulated-exchange.js';

/** The data of a plain run. */
export interface PlainData {
  readonly bars: Chunk;
  /** Null where the data has none. */
  readonly funding: Chunk | null;
}

/** What a plain run is made of. */
export interface PlainSetup {
  readonly strategy: Strategy;
  readonly params: Params;
  readonly config: RunConfig;
  readonly instrument: Instrument;
  readonly data: PlainData;
  /** Inputs that the run says it consumed. */
  readonly inputs: number;
  readonly rules: ExchangeRules;
  readonly cache: IndicatorColumns | null;
  readonly signal: AbortSignal | null;
  /** Told where the run is, every ten thousand bars or so, with a turn of the event loop for whoever wants to interrupt it; left out, it is played in one go. */
  readonly onProgress?: (now: number, bars: number) => void;
  /** Memory used before; a run of its own makes its own. */
  readonly scratch: PlainScratch | null;
  /** For a run of which the facts are wanted: the manifest and the inputs that they name. */
  readonly facts?: Pick<PlainFactsSetup, 'manifest' | 'inputs'>;
  /** The strategy's own copy of the loop (`ownLoop`). */
  readonly play?: PlayBars;
}

/** Slippage that hangs on its own fill alone. */
const SIMPLE_SLIPPAGE: ReadonlySet<string> = new Set(['none', 'fixed-bps', 'half-spread', 'sqrt-impact']);

/** Limits that need more than the account at the moment of an order. */
const watches = ({ risk }: RunConfig): boolean =>
  risk.maxDrawdown !== null || (risk.minMarginDistance ?? null) !== null || areWatching(risk);

/** Whether orders and their answers are over before the next bar closes, and are sent before the next one opens. */
const isPrompt = ({ latency, delays, timeframe }: RunConfig): boolean =>
  latency.kind === 'constant' &&
  // More than what counts as the same moment where a run ends.
  latency.order >= 0.01 &&
  latency.report >= 0 &&
  // A whole millisecond before: less is lost where it is added to an epoch.
  latency.order + latency.report <= timeframeMs(timeframe) - 1 &&
  delays.bars === 0 &&
  delays.funding === 0 &&
  delays.mark === 0;

const isPlainMargin = ({ margin }: RunConfig): boolean =>
  margin !== undefined &&
  margin.mode === 'cross' &&
  margin.positions === 'one-way' &&
  margin.fundingTolerance === 0 &&
  margin.liquidation.price !== 'mark';

const ascends = ({ ts, rows }: Chunk): boolean => {
  for (let i = 1; i < rows; i++) if (!(ts[i]! > ts[i - 1]!)) return false;
  return true;
};

/** Whether each settlement of funding is at the close of a bar, or at what would be one in a gap. Between two closes an order may be on its way, and what it leaves is not what the payment is due on. */
const isOnGrid = ({ ts, rows }: Chunk, first: number, barMs: number): boolean => {
  for (let i = 0; i < rows; i++) if ((ts[i]! - first) % barMs !== 0) return false;
  return true;
};

/** Answers about chunks, which thousands of runs of a search ask for: by the chunk and what else they hang on. */
const kept = new WeakMap<Chunk, Map<string, boolean>>();

const once = (chunk: Chunk, question: string, answer: () => boolean): boolean => {
  let answers = kept.get(chunk);
  if (answers === undefined) kept.set(chunk, (answers = new Map()));
  let known = answers.get(question);
  if (known === undefined) answers.set(question, (known = answer()));
  return known;
};

/** Whether the run ends inside a bar: then the venue's last price is one of a bar that the strategy never sees. */
const endsInside = ({ ts, rows }: Chunk, to: number, barMs: number): boolean => {
  let row = rows - 1;
  while (row >= 0 && ts[row]! >= to) row--;
  return row >= 0 && ts[row]! + barMs > to;
};

/** Whether a run may be plain, as far as that can be said before its data is there. */
export const mayBePlain = (strategy: Strategy, config: RunConfig, instruments: readonly Instrument[]): boolean => {
  const [instrument] = instruments;
  if (!instrument || instruments.length > 1 || instrument.kind === 'spot' || instrument.symbol.length > LONGEST_SYMBOL) return false;
  if ((strategy.decide === undefined && strategy.run === undefined) || strategy.forecasts !== undefined) return false;
  if (config.fills.kind !== 'bars' || config.fills.finer !== undefined || config.rebalanceBand !== null) return false;
  if (config.fees.kind !== 'maker-taker' || !SIMPLE_SLIPPAGE.has(config.slippage.kind)) return false;
  return isPrompt(config) && isPlainMargin(config) && !watches(config);
};

/**
 * The data of a run that is plain enough to be played by `plainRun`: a strategy of the `decide` or the `run` form on bars of one perpetual, cross margin, constant latency and nothing that looks at more than the bar at hand. Null for all others.
 */
export const plainTerms = (
  strategy: Strategy,
  config: RunConfig,
  instruments: readonly Instrument[],
  chunks: readonly Chunk[],
): PlainData | null => {
  const [instrument] = instruments;
  if (!instrument || !mayBePlain(strategy, config, instruments)) return null;
  const own = chunks.filter(({ symbol, rows }) => symbol === instrument.symbol && rows > 0);
  const bars = own.filter(({ kind }) => kind === 'bars');
  const funding = own.filter(({ kind }) => kind === 'funding');
  if (bars.length !== 1 || funding.length > 1 || bars.length + funding.length !== own.length) return null;
  const [chunk] = bars;
  const barMs = timeframeMs(config.timeframe);
  if (!chunk || timeframeMs(chunk.timeframe ?? '') !== barMs) return null;
  const [settlements = null] = funding;
  if (!once(chunk, 'ascends', () => ascends(chunk)) || endsInside(chunk, config.to, barMs)) return null;
  if (settlements && !once(settlements, 'ascends', () => ascends(settlements))) return null;
  const first = chunk.ts[0] as number;
  if (
    settlements &&
    config.funding.kind === 'settled' &&
    !once(settlements, `on ${first} + n × ${barMs}`, () => isOnGrid(settlements, first, barMs))
  )
    return null;
  return { bars: chunk, funding: settlements };
};
