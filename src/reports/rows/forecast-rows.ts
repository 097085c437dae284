import { CAME } from '../charts/forecast-distribution.js';
import { timeBins } from './time-bins.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { DriftStretch } from '../charts/drift-timeline.js';
import type { RetrainingRow, WeightRow } from '../charts/ensemble-weights.js';
import type { ImportanceRow } from '../charts/feature-importance.js';
import type { ProbabilityBin } from '../charts/forecast-distribution.js';

/** Moments a line of a chart has at most. */
export const MOST_MOMENTS = 400;
const MOST_FEATURES = 20;
/** Earlier trainings that stand faint behind the latest. */
const MOST_EARLIER = 8;
const MOST_SUBJECTS = 20;
const MOST_STRETCHES = 120;

/** Mean weight of each model by stretch of time. A model that sleeps while others are combined has weight 0; where nothing is combined all are null. */
export const weightRows = ({ ts, length, models, weight }: ForecastRecord): WeightRow[] => {
  const bins = timeBins(ts.subarray(0, length), MOST_MOMENTS);
  const sums = models.map(() => new Float64Array(bins.count));
  const counts = new Float64Array(bins.count);
  for (let i = 0; i < length; i++) {
    if (weight.every(column => Number.isNaN(column[i]!))) continue;
    const bin = bins.at(ts[i]!);
    counts[bin]! += 1;
    weight.forEach((column, k) => {
      if (!Number.isNaN(column[i]!)) sums[k]![bin]! += column[i]!;
    });
  }
  return Array.from({ length: bins.count }, (_, bin) => ({
    ts: bins.end(bin),
    weights: sums.map(sum => (counts[bin]! > 0 ? sum[bin]! / counts[bin]! : null)),
  }));
};

/** Trainings that came into force at the same moment, late ones apart; the last few hundred. */
export const retrainingRows = ({ trainings }: Pick<ForecastRecord, 'trainings'>): RetrainingRow[] => {
  const rows = new Map<string, RetrainingRow>();
  for (const { ts, model, trigger, rows: count, late } of trainings) {
    const key = `${ts} ${trigger} ${late}`;
    const known = rows.get(key);
    rows.set(
      key,
      known
        ? { ...known, models: `${known.models}, ${model}`, rows: Math.max(known.rows, count) }
        : { ts, models: model, trigger, rows: count, late },
    );
  }
  return [...rows.values()].slice(-MOST_MOMENTS);
};

/** Features of the latest training of a model by mean |SHAP|, the largest first (ties by name), and their values in the trainings just before. */
export const importanceRows = ({ importances }: Pick<ForecastRecord, 'importances'>, model: string): ImportanceRow[] => {
  const own = importances.filter(record => record.model === model);
  const last = own[own.length - 1];
  if (!last) return [];
  const ranked = last.names
    .map((feature, i) => ({ feature, ts: last.ts, value: last.value[i]!, latest: true }))
    .sort((a, b) => b.value - a.value || (a.feature < b.feature ? -1 : 1))
    .slice(0, MOST_FEATURES);
  const shown = new Set(ranked.map(row => row.feature));
  const earlier = own
    .slice(-1 - MOST_EARLIER, -1)
    .flatMap(({ ts, names, value }) =>
      names.flatMap((feature, i) => (shown.has(feature) ? [{ feature, ts, value: value[i]!, latest: false }] : [])),
    );
  return [...ranked, ...earlier];
};

const RANK = { none: 0, warning: 1, drift: 2 } as const;

/** The same time with fewer changes: the worst level of each equal part. */
const coarser = (stretches: readonly DriftStretch[]): DriftStretch[] => {
  const from = stretches[0]!.from;
  const part = (stretches[stretches.length - 1]!.to - from) / MOST_STRETCHES;
  return Array.from({ length: MOST_STRETCHES }, (_, i) => {
    const start = from + i * part;
    const inside = stretches.filter(stretch => stretch.from < start + part && stretch.to > start);
    const worst = inside.reduce((a, b) => (RANK[b.level] > RANK[a.level] ? b : a));
    return { ...worst, from: start, to: start + part };
  });
};

/**
 * What each detector thought from the first forecast to the last, for subjects on which one ever raised its level: longest in drift first, then longest warned, then by
 * name. Nothing when no level was ever raised.
 */
export const driftRows = ({ drifts, ts, length }: Pick<ForecastRecord, 'drifts' | 'ts' | 'length'>): DriftStretch[] => {
  const first = Math.min(length > 0 ? ts[0]! : Infinity, drifts[0]?.ts ?? Infinity);
  const last = Math.max(length > 0 ? ts[length - 1]! : -Infinity, drifts[drifts.length - 1]?.ts ?? -Infinity);
  const detectors = new Map<string, Set<string>>();
  for (const { subject, detector } of drifts) detectors.set(subject, (detectors.get(subject) ?? new Set()).add(detector));
  const lanes = new Map<string, DriftStretch[]>();
  for (const { subject, detector, ts: at, level, statistic, threshold } of drifts) {
    const name = (detectors.get(subject)?.size ?? 1) > 1 ? `${subject}, ${detector}` : subject;
    const lane = lanes.get(name) ?? [
      { subject: name, detector, from: first, to: last, level: 'none' as const, statistic: null, threshold: null },
    ];
    const before = lane.pop()!;
    if (at > before.from) lane.push({ ...before, to: at });
    lane.push({ subject: name, detector, from: at, to: last, level, statistic, threshold });
    lanes.set(name, lane);
  }
  const spent = (lane: readonly DriftStretch[], level: DriftStretch['level']): number =>
    lane.reduce((sum, stretch) => sum + (stretch.level === level ? stretch.to - stretch.from : 0), 0);
  return [...lanes.entries()]
    .filter(([, lane]) => lane.some(stretch => stretch.level !== 'none'))
    .map(([name, lane]) => ({ name, lane, drift: spent(lane, 'drift'), warned: spent(lane, 'warning') }))
    .sort((a, b) => b.drift - a.drift || b.warned - a.warned || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SUBJECTS)
    .flatMap(({ lane }) => (lane.length > MOST_STRETCHES ? coarser(lane) : lane.filter(stretch => stretch.to > stretch.from)));
};

/** Probabilities of a rise that the ensemble gave, counted by bin and by what came, and how often a rise came at all (null while nothing is known). */
export const probabilityBins = ({
  length,
  combined,
  outcome,
}: Pick<ForecastRecord, 'length' | 'combined' | 'outcome'>): { readonly rows: ProbabilityBin[]; readonly baseRate: number | null } => {
  let low = 1;
  let high = 0;
  let given = 0;
  let known = 0;
  let rose = 0;
  for (let i = 0; i < length; i++) {
    const p = combined[3 * i + 2]!;
    if (Number.isNaN(p)) continue;
    given += 1;
    low = Math.min(low, p);
    high = Math.max(high, p);
    if (Number.isNaN(outcome[i]!)) continue;
    known += 1;
    if (outcome[i] === 2) rose += 1;
  }
  const baseRate = known === 0 ? null : rose / known;
  if (high < low) return { rows: [], baseRate };
  // Whole bins to a probability of one: 200, 100, 50 or 20 of them; few forecasts in many bins would be a comb.
  const most = Math.min(50, Math.max(8, 2 * Math.sqrt(given)));
  const parts = [200, 100, 50, 20].find(n => (high - low) * n <= most) ?? 20;
  const counts = new Map<number, number[]>();
  for (let i = 0; i < length; i++) {
    const p = combined[3 * i + 2]!;
    if (Number.isNaN(p)) continue;
    const bin = Math.min(parts - 1, Math.floor(p * parts));
    const row = counts.get(bin) ?? [0, 0, 0];
    row[Number.isNaN(outcome[i]!) ? 2 : outcome[i] === 2 ? 0 : 1]! += 1;
    counts.set(bin, row);
  }
  const rows = [...counts.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([bin, row]) =>
      CAME.flatMap((came, k) => (row[k]! > 0 ? [{ from: bin / parts, to: (bin + 1) / parts, came, count: row[k]! }] : [])),
    );
  return { rows, baseRate };
};
