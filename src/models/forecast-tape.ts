import { timeframeMs } from '../market/timeframe.js';
import { ForecastDesk } from './forecast-desk.js';
import type { ForecastEvent } from './forecast-event.js';
import { forecastView } from './forecast-log.js';
import type { ForecastRecord } from './forecast-record.js';
import type { ForecastSource } from './forecast-source.js';
import { walkPanel, type PanelWalk } from './panel-walk.js';
import { BASELINE, type ForecastRecipe } from './recipe.js';
import type { Trainer } from './trainer.js';

/** What models forecast over a history, and what happened to them. It depends on market data alone, so every run over that history can share it. */
export interface ForecastTape {
  readonly record: ForecastRecord;
  readonly events: readonly ForecastEvent[];
}

/** Let the models of a recipe walk over a history once. */
export const recordTape = (
  recipe: ForecastRecipe,
  walk: PanelWalk,
  { seed, trainer, onInstant }: { readonly seed: number; readonly trainer: Trainer; readonly onInstant?: (now: number) => void },
): ForecastTape => {
  const desk = new ForecastDesk({ recipe, symbols: walk.symbols, barMs: timeframeMs(walk.timeframe), seed, trainer });
  const events: ForecastEvent[] = [];
  walkPanel(walk, (now, bars, futures) => {
    events.push(...desk.step(now, bars, futures));
    onInstant?.(now);
  });
  return { record: desk.record(-Infinity), events };
};

/** Rows with `ts` in (`from`, `to`], as columns of their own. Outcomes are kept also where they became known later. */
export const sliceRecord = (record: ForecastRecord, from: number, to: number): ForecastRecord => {
  const { ts, length } = record;
  let [first, last] = [0, length];
  while (first < length && ts[first]! <= from) first++;
  while (last > first && ts[last - 1]! > to) last--;
  const one = (column: Float64Array): Float64Array => column.slice(first, last);
  const three = (column: Float64Array): Float64Array => column.slice(3 * first, 3 * last);
  const within = <T extends { readonly ts: number; readonly model?: string }>(list: readonly T[]): readonly T[] =>
    list.filter((t, k) => {
      if (t.ts > to) return false;
      // What is in force at `from` belongs to the stretch: its first forecasts come from it.
      return t.ts > from || (t.model !== undefined && !list.some((later, j) => j > k && later.model === t.model && later.ts <= from));
    });
  return {
    ...record,
    length: last - first,
    ts: one(ts),
    symbol: one(record.symbol),
    maturedAt: one(record.maturedAt),
    outcome: one(record.outcome),
    realised: one(record.realised),
    probability: record.probability.map(three),
    mean: record.mean.map(one),
    sd: record.sd.map(one),
    weight: record.weight.map(one),
    combined: three(record.combined),
    combinedMean: one(record.combinedMean),
    combinedSd: one(record.combinedSd),
    uncalibrated: three(record.uncalibrated),
    low: one(record.low),
    high: one(record.high),
    novelty: one(record.novelty),
    regime: one(record.regime),
    trainings: within(record.trainings),
    drifts: within(record.drifts),
    importances: within(record.importances),
  };
};

/** Stretches that follow one another as one record. They must be of the same models, label and symbols; otherwise null. */
export const joinRecords = (records: readonly ForecastRecord[]): ForecastRecord | null => {
  const [first, ...rest] = records;
  if (first === undefined) return null;
  const same = (a: ForecastRecord): string => JSON.stringify([a.models, a.label, a.symbols, a.coverage]);
  if (rest.some(record => same(record) !== same(first))) return null;
  const join = (pick: (record: ForecastRecord) => Float64Array): Float64Array => {
    const parts = records.map(pick);
    const joined = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      joined.set(part, offset);
      offset += part.length;
    }
    return joined;
  };
  const members = (pick: (record: ForecastRecord) => readonly Float64Array[]): Float64Array[] =>
    first.models.map((_, m) => join(record => pick(record)[m]!));
  const unique = <T>(list: readonly T[]): T[] => [...new Map(list.map(item => [JSON.stringify(item), item])).values()];
  return {
    ...first,
    length: records.reduce((n, { length }) => n + length, 0),
    ts: join(r => r.ts),
    symbol: join(r => r.symbol),
    maturedAt: join(r => r.maturedAt),
    outcome: join(r => r.outcome),
    realised: join(r => r.realised),
    probability: members(r => r.probability),
    mean: members(r => r.mean),
    sd: members(r => r.sd),
    weight: members(r => r.weight),
    combined: join(r => r.combined),
    combinedMean: join(r => r.combinedMean),
    combinedSd: join(r => r.combinedSd),
    uncalibrated: join(r => r.uncalibrated),
    low: join(r => r.low),
    high: join(r => r.high),
    novelty: join(r => r.novelty),
    regime: join(r => r.regime),
    trainings: unique(records.flatMap(r => r.trainings)),
    drifts: unique(records.flatMap(r => r.drifts)),
    importances: [...new Map(records.flatMap(r => r.importances).map(item => [`${item.ts} ${item.model}`, item])).values()],
  };
};

/** Plays a tape back: at each instant the events and forecasts that the models gave there. */
export const tapeSource = ({ record, events }: ForecastTape): ForecastSource => {
  const rows = new Map<number, number>();
  const baseline = record.models.indexOf(BASELINE);
  let row = 0;
  let event = 0;
  let until = -Infinity;
  return {
    horizon: record.horizon,
    step: now => {
      until = now;
      rows.clear();
      while (row < record.length && record.ts[row]! < now) row++;
      for (; row < record.length && record.ts[row] === now; row++) rows.set(record.symbol[row]!, row);
      const first = event;
      while (event < events.length && events[event]!.ts <= now) event++;
      return events.slice(first, event);
    },
    forecast: symbol => {
      const at = rows.get(symbol);
      return at === undefined ? undefined : forecastView(record, record.probability[baseline]!, at);
    },
    record: from => sliceRecord(record, from, until),
  };
};
