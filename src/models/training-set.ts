import { createHash } from 'node:crypto';
import { applyScaler, type ScalerState } from '../features/scalers/scaler.js';
import { featureNames } from '../features/feature-set.js';
import { sampleWeights } from './labels/sample-weights.js';
import type { ForecastRecipe } from './recipe.js';
import type { RowStore } from './row-store.js';
import type { TrainingRows } from './training-rows.js';

/** What one training learns from: rows in their scale, the scaler fitted on them, and the hash of it all. */
export interface TrainingSet {
  readonly rows: TrainingRows;
  readonly scaler: ScalerState;
  /** First and last row by the time it was known, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 over the rows before scaling, their labels, outcomes, scales and weights. */
  readonly hash: string;
}

/** Whether two learners may look at a row at `now`: its label is known by then, it is inside the window, and its features have warmed up. */
const usable = (store: RowStore, i: number, now: number, after: number): boolean =>
  store.ready[i] === 1 && store.ts[i]! > after && store.maturedAt[i]! <= now;

/** Moment before which rows are too old for a training at `now`. */
const oldest = ({ training }: ForecastRecipe, now: number, barMs: number): number =>
  training.window === 'expanding' ? -Infinity : now - training.historyLimit * barMs;

/** How many rows a training at `now` could use, and the times of the first and the last. */
export const usableSpan = (
  store: RowStore,
  recipe: ForecastRecipe,
  now: number,
  barMs: number,
): { readonly rows: number; readonly from: number; readonly to: number } => {
  const after = oldest(recipe, now, barMs);
  let rows = 0;
  let from = now;
  let to = now;
  for (let i = 0; i < store.next - store.base; i++) {
    if (!usable(store, i, now, after)) continue;
    if (rows++ === 0) from = store.ts[i]!;
    to = store.ts[i]!;
  }
  return { rows, from, to };
};

const hashOf = (columns: readonly Float64Array[], names: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(names));
  for (const column of columns) {
    const words = new Uint32Array(column.buffer.slice(column.byteOffset, column.byteOffset + column.byteLength));
    // A NaN has many bit patterns, and which one arithmetic leaves is up to the processor.
    for (let i = 1; i < words.length; i += 2)
      if ((words[i]! & 0x7ff00000) === 0x7ff00000 && ((words[i]! & 0xfffff) !== 0 || words[i - 1] !== 0)) {
        words[i] = 0x7ff80000;
        words[i - 1] = 0;
      }
    hash.update(words);
  }
  return hash.digest('hex');
};

/**
 * The rows that may be learned from at `now`: matured by then (purge), no older than the window, weighted by the uniqueness of their label and by age. The scaler is
 * fitted on these rows alone.
 */
export const trainingSet = (store: RowStore, recipe: ForecastRecipe, now: number, barMs: number): TrainingSet => {
  const { width, base } = store;
  const after = oldest(recipe, now, barMs);
  const picked: number[] = [];
  for (let i = 0; i < store.next - base; i++) if (usable(store, i, now, after)) picked.push(i);
  const count = picked.length;
  const pick = (column: Float64Array): Float64Array => Float64Array.from(picked, i => column[i]!);
  const raw = new Float64Array(count * width);
  picked.forEach((i, row) => raw.set(store.x.subarray(i * width, (i + 1) * width), row * width));
  const ts = pick(store.ts);
  const label = Uint8Array.from(picked, i => store.label[i]!);
  const outcome = pick(store.outcome);
  const scale = pick(store.scale);
  const group = Int32Array.from(picked, i => store.group[i]!);
  const { halfLife } = recipe.training;
  const weight = sampleWeights({
    openedAt: ts,
    maturedAt: pick(store.maturedAt),
    group,
    halfLifeMs: halfLife === null ? null : halfLife * barMs,
  });
  const names = featureNames(recipe.features);
  const hash = hashOf([raw, ts, Float64Array.from(label), outcome, scale, weight, Float64Array.from(group)], names);
  const scaler = recipe.scaler.fit(raw, count, width);
  const scaled = new Float64Array(count * width);
  const scaleRow = applyScaler(scaler);
  for (let row = 0; row < count; row++) scaleRow(raw, row * width, scaled, row * width);
  return {
    rows: { count, width, names, x: scaled, label, outcome, scale, weight, group, ts },
    scaler,
    from: ts[0] ?? now,
    to: ts[count - 1] ?? now,
    hash,
  };
};
