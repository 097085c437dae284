import type { ForecastRecord } from './forecast-record.js';

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
