import type { RunResult } from '../../engine/run-result.js';
import type { Fact } from '../../events/fact.js';
import { causalChains, type CausalLink, type Cause } from '../../journal/causal-chain.js';
import type { Symbol } from '../../market/instrument.js';
import { timeframe } from '../../market/timeframe.js';
import { units } from '../../market/units.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { Fill, RoundTrip } from '../../portfolio/fill.js';
import { formatTime } from '../../time.js';
import { percent } from '../number-text.js';
import type { UnitsOf } from './fact-sentence.js';

/** One round trip and what led to its first and its last fill, as short chains from bar to fill. */
export interface TripReason {
  readonly symbol: Symbol;
  readonly side: RoundTrip['side'];
  readonly entryTs: number;
  readonly exitTs: number;
  readonly netPnl: number;
  readonly entry: string;
  readonly exit: string;
  /** Facts of the two fills, by seq: what `quantai why` is asked for more. */
  readonly entrySeq: number;
  readonly exitSeq: number;
}

/** Round trips told of from either end. */
const TOLD = 5;
/** Steps of a chain that a reader is shown from its beginning and its end: a strategy that answers fills has chains as long as the run. */
const FIRST = 2;
const LAST = 7;

const short = (value: number): string => String(Number(value.toPrecision(6)));
const said = (reason: string): string => (reason === '' ? '' : ` “${reason}”`);

const phrase = (fact: Fact, unitsOf: UnitsOf): string | null => {
  switch (fact.type) {
    case 'TargetSet':
      return `target ${String(Number(fact.exposure.toPrecision(4)))}${said(fact.reason)}`;
    case 'OrderRequested':
      return `asked for ${fact.side} ${fact.orderType}${said(fact.reason)}`;
    case 'ExecutionRequested':
      return `${fact.execution}${said(fact.reason)}`;
    case 'SignalGiven':
      return fact.direction === 'flat' ? 'signal to hold nothing' : `${fact.direction} signal, ${percent(fact.confidence, 0)} sure`;
    case 'TradePlanned':
      return `plan: stop-loss ${short(fact.stopLoss)}, take-profit ${short(fact.takeProfit)}`;
    case 'OrderApproved':
      return `gate passed ${fact.ticket.orderId}`;
    case 'OrderSubmitted':
      return null;
    case 'OrderFilled': {
      const u = unitsOf(fact.symbol);
      return `${fact.side === 'buy' ? 'bought' : 'sold'} ${u ? `${short(u.quantity(fact.lots))} at ${short(u.price(fact.price))}` : ''}`;
    }
    case 'RiskStateChanged':
      return `${fact.state}: ${fact.code}`;
    default:
      return fact.type;
  }
};

const beginning = (cause: Cause): string | null => {
  switch (cause.kind) {
    case 'bar':
      return `${cause.timeframe} bar ${formatTime(cause.openTime)}`;
    case 'moment':
      return `market ${formatTime(cause.ts)}`;
    case 'outside':
      return `${cause.who}: ${cause.code}`;
    case 'missing':
      return 'unknown';
    case 'fact':
      return null;
  }
};

/** What the ensemble said of a symbol at a moment: `forecast 62% up`; null where there is none. */
const forecastPhrase = (record: ForecastRecord | null, symbol: Symbol, ts: number): string | null => {
  if (record === null) return null;
  for (let i = 0; i < record.length; i++) {
    if (record.ts[i] !== ts || record.symbols[record.symbol[i] ?? -1] !== symbol) continue;
    const [down, flat, up] = [0, 1, 2].map(k => record.combined[3 * i + k] ?? NaN);
    if (!(down! >= 0)) return null;
    const weights = record.models
      .map((model, m) => ({ model, weight: record.weight[m]?.[i] ?? NaN }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 3);
    const by = weights.length < 2 ? '' : ` (${weights.map(({ model, weight }) => `${model} ${percent(weight, 0)}`).join(', ')})`;
    return `forecast ${percent(down!, 0)} down, ${percent(flat!, 0)} flat, ${percent(up!, 0)} up${by}`;
  }
  return null;
};

const chainPhrase = (chain: readonly CausalLink[], unitsOf: UnitsOf, record: ForecastRecord | null): string => {
  const [first] = chain;
  if (first === undefined) return 'unknown';
  const { from, fact } = first;
  const forecast = from.kind === 'bar' && from.symbol !== null ? forecastPhrase(record, from.symbol, fact.ts) : null;
  const phrases = [beginning(from), forecast, ...chain.map(each => phrase(each.fact, unitsOf))].filter(each => each !== null);
  return (phrases.length > FIRST + LAST ? [...phrases.slice(0, FIRST), '…', ...phrases.slice(-LAST)] : phrases).join(' → ');
};

const fillAt = (fills: readonly Fill[], trip: RoundTrip, isEntry: boolean): Fill | undefined => {
  const side = (trip.side === 'long') === isEntry ? 'buy' : 'sell';
  const ts = isEntry ? trip.entryTs : trip.exitTs;
  const isIt = (fill: Fill): boolean =>
    fill.symbol === trip.symbol &&
    fill.ts === ts &&
    fill.side === side &&
    (fill.positionSide === undefined || fill.positionSide === trip.side);
  return isEntry ? fills.find(isIt) : fills.findLast(isIt);
};

/** Why the best and the worst round trips of a run were entered and left, best first; empty for a run that kept no facts. */
export const tripReasons = (result: Pick<RunResult, 'facts' | 'fills' | 'roundTrips' | 'manifest' | 'forecasts'>): TripReason[] => {
  const { facts, fills, roundTrips, manifest, forecasts } = result;
  if (facts.length === 0) return [];
  const ranked = [...roundTrips].sort((a, b) => b.netPnl - a.netPnl || a.exitTs - b.exitTs || (a.symbol < b.symbol ? -1 : 1));
  const told = ranked.length <= 2 * TOLD ? ranked : [...ranked.slice(0, TOLD), ...ranked.slice(-TOLD)];
  const known = new Map(manifest.instruments.map(instrument => [instrument.symbol, units(instrument)]));
  const unitsOf: UnitsOf = symbol => known.get(symbol);
  const { config } = manifest;
  const chains = causalChains(facts, { bars: { timeframe: timeframe(config.timeframe), delayMs: config.delays.bars } });
  return told.flatMap((trip): TripReason[] => {
    const [entry, exit] = [fillAt(fills, trip, true), fillAt(fills, trip, false)];
    if (entry === undefined || exit === undefined) return [];
    const { symbol, side, entryTs, exitTs, netPnl } = trip;
    const why = (fill: Fill): string => chainPhrase(chains(fill.seq), unitsOf, forecasts);
    return [{ symbol, side, entryTs, exitTs, netPnl, entry: why(entry), exit: why(exit), entrySeq: entry.seq, exitSeq: exit.seq }];
  });
};
