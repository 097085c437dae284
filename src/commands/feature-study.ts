import { setImmediate } from 'node:timers/promises';
import type { AlikePair, ColumnStudy, FeatureStudy, Figure } from '../reports/feature-study.js';
import { OUTCOMES } from '../models/forecast.js';
import { clusterOrder } from '../statistics/cluster-order.js';
import { midRanks } from '../statistics/mid-ranks.js';
import { pairedCorrelation } from '../statistics/paired-correlation.js';
import { shiftProbability } from '../statistics/shifts.js';
import { turnedOutcomes } from './feature-chance.js';
import { studyColumn } from './feature-column.js';
import { familyOf } from './feature-families.js';
import { monthSpans, type FeatureRows } from './feature-rows.js';

/** |ρ| from which two columns are said to be alike. */
const ALIKE = 0.95;
/** Rows that correlations are over at most: every so many-th of a longer window. */
const CORRELATED_ROWS = 50_000;
/** Share of a history that no turn is nearer to than. */
const LEAST_TURN = 0.05;

/** What is studied, and how it is watched. */
export interface StudyRequest extends Pick<
  FeatureStudy,
  'featureSet' | 'scaler' | 'dataset' | 'symbols' | 'timeframe' | 'from' | 'to' | 'label' | 'horizon'
> {
  readonly rows: FeatureRows;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (columns: number, name: string) => void;
}

const correlations = async (rows: FeatureRows, stride: number, signal: AbortSignal): Promise<Float64Array> => {
  const width = rows.names.length;
  const ranks = rows.names.map((_, k) => midRanks(rows.column(k).filter((__, i) => i % stride === 0)));
  const matrix = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    signal.throwIfAborted();
    for (let b = a; b < width; b++) {
      const rho = pairedCorrelation(ranks[a]!, ranks[b]!);
      matrix[a * width + b] = rho;
      matrix[b * width + a] = rho;
    }
    await setImmediate();
  }
  return matrix;
};

const alikePairs = (names: readonly string[], matrix: Float64Array): AlikePair[] => {
  const pairs: AlikePair[] = [];
  for (let a = 0; a < names.length; a++)
    for (let b = a + 1; b < names.length; b++) {
      const rho = matrix[a * names.length + b]!;
      if (Math.abs(rho) > ALIKE) pairs.push({ a: names[a]!, b: names[b]!, rho });
    }
  return pairs.sort((x, y) => Math.abs(y.rho) - Math.abs(x.rho));
};

/** How probable the best of all columns is to reach `size` by chance: every turned history counts by its best column. */
const bestByTurn = (turned: readonly Float64Array[]): Float64Array =>
  Float64Array.from(turned[0] ?? [], (_, shift) => turned.reduce((best, sizes) => (sizes[shift]! > best ? sizes[shift]! : best), 0));

/**
 * Studies every column of a window's rows: where it lies, how it moves, what it tells of what came after and of the other columns. It looks at all rows at once and so is
 * exploration: a choice made by it has seen what later tests would be made on. Throws the signal's reason when it is aborted.
 */
export const studyFeatures = async (request: StudyRequest): Promise<FeatureStudy> => {
  const { rows, seed, signal, onProgress, ...about } = request;
  const { symbols, horizon } = about;
  const months = monthSpans(rows.ts);
  const perSymbol = rows.count / Math.max(1, symbols.length);
  const chance = turnedOutcomes(rows, symbols.length, Math.max(horizon, Math.ceil(perSymbol * LEAST_TURN)), seed);
  const frame = { rows, months, symbols: symbols.length, horizon };
  const turned: Float64Array[] = [];
  const sizes: number[] = [];
  const alone: ColumnStudy[] = [];
  for (const [k, name] of rows.names.entries()) {
    signal.throwIfAborted();
    const values = rows.column(k);
    const association = chance.associationOf(values);
    turned.push(association.turned);
    sizes.push(association.size);
    alone.push(
      studyColumn({ name, family: familyOf(name) }, values, association, shiftProbability(association.size, association.turned), frame),
    );
    onProgress(k + 1, name);
    await setImmediate();
  }
  const best = bestByTurn(turned);
  const columns = alone.map((column, k): ColumnStudy => {
    if (column.information.chance === null)
      return { ...column, reasons: { ...column.reasons, familyChance: column.reasons['chance'] ?? '' } };
    return { ...column, information: { ...column.information, familyChance: shiftProbability(sizes[k]!, best) } };
  });
  const stride = Math.max(1, Math.ceil(rows.count / CORRELATED_ROWS));
  const matrix = await correlations(rows, stride, signal);
  const width = rows.names.length;
  const figure = (value: number): Figure => (Number.isFinite(value) ? value : null);
  const labelled = rows.label.reduce((n, label) => n + (Number.isNaN(label) ? 0 : 1), 0);
  return {
    ...about,
    rows: rows.count,
    labelled,
    warmingUp: rows.warmingUp,
    classes: Array.from({ length: OUTCOMES }, (_, c) => figure(rows.label.reduce((n, label) => n + (label === c ? 1 : 0), 0) / labelled)),
    months: months.map(({ name }) => name),
    shifts: chance.shifts,
    columns,
    correlation: Array.from({ length: width }, (_, a) => Array.from({ length: width }, (__, b) => figure(matrix[a * width + b]!))),
    order: [
      ...clusterOrder(
        matrix.map(rho => 1 - Math.abs(rho)),
        width,
      ),
    ],
    alike: alikePairs(rows.names, matrix),
    correlationStride: stride,
  };
};
