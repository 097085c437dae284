import type { Fact } from '../events/fact.js';
import type { Chunk } from '../events/market.js';
import type { InputRange } from '../events/feed.js';
import { memoryFeed } from '../datasets/memory-feed.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import type { ForecastRecord } from '../models/forecast-record.js';
import type { TrainedModel } from '../models/trained-model.js';
import { inlineTrainer, type Trainer } from '../models/trainer.js';
import { canonicalFact } from '../journal/fingerprint.js';
import { random } from '../random.js';
import type { Strategy } from '../strategies/strategy.js';
import { formatTime } from '../time.js';
import { backtest } from './backtest.js';
import { corruptAfter } from './corrupt.js';

/** What is to be shown causal. */
export interface CausalitySpec {
  /** The strategy, given the data that it will run on: a real strategy ignores it; a planted leak looks into it. */
  readonly strategyOn: (chunks: readonly Chunk[]) => Strategy;
  readonly params: Params;
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly chunks: readonly Chunk[];
  readonly inputs?: readonly InputRange[];
  /** How many moments to cut at; default 6. */
  readonly cuts?: number;
  /** Awaited between runs, which have everything in memory and never wait themselves: the place to hear an interrupt. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** One output that changed although only its future did. */
export interface Leak {
  /** The data was changed after this moment only; Infinity for a run that was repeated unchanged. */
  readonly cut: number;
  /** When the output that changed was given. */
  readonly ts: number;
  readonly what: string;
}

/** What was found with the data after one moment replaced. */
export interface CutVerdict {
  readonly cut: number;
  /** Outputs compared up to the moment. */
  readonly compared: number;
  /** Kinds of output that changed. */
  readonly leaks: number;
}

export interface CausalityVerdict {
  readonly ok: boolean;
  /** False when the run already differs from its own repetition on the same data; nothing else is compared then. */
  readonly repeatable: boolean;
  readonly cuts: readonly number[];
  /** Facts and indicator values compared, over all cuts. */
  readonly compared: number;
  /** The cuts one by one; empty for a run that is not repeatable. */
  readonly checked: readonly CutVerdict[];
  readonly leaks: readonly Leak[];
  /** Of the run as it is. */
  readonly facts: readonly Fact[];
}

/** Something that the run said at a moment. */
interface Output {
  readonly ts: number;
  readonly text: string;
}

/** Facts that a strategy or the platform decided; the venue's own words at the moment of the cut may already belong to the next bar. */
const DECIDED = new Set<Fact['type']>([
  'TargetSet',
  'OrderRequested',
  'CancelRequested',
  'OrderApproved',
  'IntentDenied',
  'NoteWritten',
  'TrainingRequested',
  'ModelActivated',
  'ModelLate',
  'ModelExpired',
  'CalibrationFitted',
  'WeightsChanged',
  'DriftChanged',
  'SizeScaled',
  'SignalGiven',
]);

/** What every model and the ensemble forecast, one output a symbol and bar. */
const forecastOutputs = (record: ForecastRecord | null, into: Map<string, Output[]>): void => {
  if (record === null) return;
  const three = (column: Float64Array, i: number): string => `${column[3 * i]},${column[3 * i + 1]},${column[3 * i + 2]}`;
  record.symbols.forEach((symbol, s) => {
    const list: Output[] = [];
    for (let i = 0; i < record.length; i++) {
      if (record.symbol[i] !== s) continue;
      const members = record.models.map(
        (name, m) => `${name} ${three(record.probability[m]!, i)},${record.mean[m]![i]},${record.sd[m]![i]}`,
      );
      const own = [record.combinedMean, record.combinedSd, record.low, record.high, record.novelty, record.regime].map(c => c[i]);
      list.push({ ts: record.ts[i]!, text: `${three(record.combined, i)},${own.join()}; ${members.join('; ')}` });
    }
    into.set(`forecast of ${symbol}`, list);
  });
};

const outputsOf = async (
  spec: CausalitySpec,
  chunks: readonly Chunk[],
  trainer: Trainer,
  /** Later outputs are not looked at. */
  until: number,
): Promise<{ outputs: Output[]; decided: Output[]; indicators: Map<string, Output[]>; activations: number[]; facts: readonly Fact[] }> => {
  const { config } = spec;
  const indicators = new Map<string, Output[]>();
  const { facts, forecasts } = await backtest({
    strategy: spec.strategyOn(chunks),
    params: spec.params,
    bundle: 'verify-causality',
    config,
    instruments: spec.instruments,
    trainer,
    until,
    feed: memoryFeed([...chunks], { from: -Infinity, to: config.to, ...(spec.inputs ? { inputs: spec.inputs } : {}) }),
    observe: (bar, values) => {
      if (bar.ts <= config.from) return;
      for (const [name, value] of Object.entries(values)) {
        const key = `indicator ${name} of ${bar.symbol}`;
        const list = indicators.get(key) ?? [];
        if (list.length === 0) indicators.set(key, list);
        list.push({
          ts: bar.ts,
          text: typeof value === 'object' ? JSON.stringify(Object.values(value as object).map(String)) : String(value),
        });
      }
    },
  });
  forecastOutputs(forecasts, indicators);
  const order = new Map<string, number>();
  const outputs: Output[] = [];
  const decided: Output[] = [];
  for (const fact of facts) {
    const text = fact.type === 'NoteWritten' ? `note ${fact.text}` : canonicalFact(fact, order);
    if (text === null) continue;
    (DECIDED.has(fact.type) ? decided : outputs).push({ ts: fact.knownAt, text: `${fact.type} ${text.trim()}` });
  }
  const activations = [...new Set(facts.flatMap(fact => (fact.type === 'ModelActivated' ? [fact.ts] : [])))];
  return { outputs, decided, indicators, activations, facts };
};

const firstDifference = (
  name: string,
  a: readonly Output[],
  b: readonly Output[],
  cut: number,
  inclusive: boolean,
): { compared: number; leak: Leak | null } => {
  const upTo = (list: readonly Output[]): Output[] => list.filter(o => (inclusive ? o.ts <= cut : o.ts < cut));
  const [x, y] = [upTo(a), upTo(b)];
  const n = Math.max(x.length, y.length);
  for (let i = 0; i < n; i++) {
    const [p, q] = [x[i], y[i]];
    if (p && q && p.ts === q.ts && p.text === q.text) continue;
    const ts = Math.min(p?.ts ?? Infinity, q?.ts ?? Infinity);
    return {
      compared: i,
      leak: {
        cut,
        ts,
        what: `${name} at ${formatTime(ts)} was "${p?.text ?? 'nothing'}" and is "${q?.text ?? 'nothing'}" ${cut === Infinity ? 'when the same run is repeated' : `when only data after ${formatTime(cut)} changes`}`,
      },
    };
  }
  return { compared: n, leak: null };
};

const lastSettlement = (chunks: readonly Chunk[], before: number): number =>
  Math.max(
    -Infinity,
    ...chunks.flatMap(({ kind, ts, rows }) => (kind === 'funding' ? [ts.subarray(0, rows).findLast(t => t <= before) ?? -Infinity] : [])),
  );

/**
 * Where to cut: one moment in each of equal stretches, every other one at an activation of models if there is one, for what a label or a training knew too early is seen in the
 * models that come of it and is the past soon after. Where funding is published late, the others are at a settlement: known then is only what came before.
 */
const cutsOf = ({ config, chunks, cuts: count = 6 }: CausalitySpec, activations: readonly number[]): number[] => {
  const ms = timeframeMs(config.timeframe);
  const { from, to, seed } = config;
  const draw = random(`${seed}/cuts`);
  return Array.from({ length: count }, (_, k) => {
    const [start, end] = [from + ((to - from) * k) / count, from + ((to - from) * (k + 1)) / count];
    const place = start + (end - start) * (0.25 + 0.5 * draw.next());
    const inside = activations.filter(ts => ts > start && ts <= end);
    const activation = inside[draw.int(Math.max(1, inside.length))];
    if (k % 2 === 0 && activation !== undefined) return activation;
    const settlement = config.delays.funding > 0 ? lastSettlement(chunks, place) : -Infinity;
    return settlement > start ? settlement : Math.floor(place / ms) * ms;
  });
};

/**
 * Law 3 on a strategy: run it, corrupt everything after a moment, run it again, and compare every indicator value, decision, order and fill up to that moment, at several moments. Any
 * difference is something that knew its future. A run that differs from its own repetition is reported too: it keeps state outside the run.
 */
export const verifyCausality = async (spec: CausalitySpec): Promise<CausalityVerdict> => {
  const count = spec.cuts ?? 6;
  const tickOf = new Map(spec.instruments.map(i => [i.symbol, i.tickSize]));
  // Models trained on the same rows are the same, so runs share them; but see below.
  const trained = new Map<string, TrainedModel>();
  const base = await outputsOf(spec, spec.chunks, inlineTrainer(trained), Infinity);
  const cuts = cutsOf(spec, base.activations);
  await spec.onProgress?.(1, count + 2);
  const leaks: Leak[] = [];
  const checked: CutVerdict[] = [];
  let compared = 0;
  const compare = (other: Awaited<ReturnType<typeof outputsOf>>, cut: number): void => {
    const found: Leak[] = [];
    const before = compared;
    const look = (name: string, a: readonly Output[], b: readonly Output[], inclusive: boolean): void => {
      const result = firstDifference(name, a, b, cut, inclusive);
      compared += result.compared;
      if (result.leak) found.push(result.leak);
    };
    for (const [name, values] of base.indicators) look(name, values, other.indicators.get(name) ?? [], true);
    look('decision', base.decided, other.decided, true);
    look('outcome', base.outputs, other.outputs, false);
    leaks.push(...found);
    if (cut < Infinity) checked.push({ cut, compared: compared - before, leaks: found.length });
  };
  // Its own repetition first: a strategy that keeps state outside the run differs from itself at every cut, and no cut would say why.
  compare(await outputsOf(spec, spec.chunks, inlineTrainer(trained), Infinity), Infinity);
  const repeatable = leaks.length === 0;
  await spec.onProgress?.(2, count + 2);
  for (const [k, cut] of repeatable ? cuts.entries() : []) {
    const corrupted = corruptAfter(spec.chunks, cut, symbol => tickOf.get(symbol) ?? 0.01, k + 1, spec.config.delays.funding);
    // The models in force at the cut are trained anew: one that looks beyond its rows must show.
    const last = base.activations.findLast(ts => ts <= cut) ?? Infinity;
    const [shared, own] = [inlineTrainer(trained), inlineTrainer()];
    const trainer: Trainer = { request: () => undefined, take: (job, now) => (now >= last ? own : shared).take(job, now) };
    compare(await outputsOf(spec, corrupted, trainer, cut), cut);
    await spec.onProgress?.(k + 3, count + 2);
  }
  return { ok: leaks.length === 0, repeatable, cuts, compared, checked, leaks, facts: base.facts };
};
