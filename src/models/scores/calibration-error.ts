import { sum } from '../../numeric/sum.js';
import { OUTCOMES } from '../forecast.js';
import type { Binning } from './bins.js';
import { classColumns } from './class-columns.js';
import { reliabilityRows } from './reliability.js';

const weighted = (probability: Float64Array, happened: Float64Array, binning?: Binning): number => {
  const rows = reliabilityRows(probability, happened, binning && { binning });
  const count = sum(rows.map(r => r.count));
  return count > 0 ? sum(rows.map(r => r.count * Math.abs(r.observed - r.forecast))) / count : NaN;
};

/**
 * Expected calibration error of the class held likeliest: mean |confidence − share that came true| over groups of forecasts, weighted by size; 0 is best. Of equal
 * probabilities the first class counts. Above 0 by chance alone, about 1 ÷ √(rows per group). NaN without rows.
 * Source: Guo, Pleiss, Sun & Weinberger, On Calibration of Modern Neural Networks, ICML (2017).
 */
export const topCalibrationError = (
  probability: Float64Array,
  outcome: Float64Array,
  { classes = OUTCOMES, binning }: { classes?: number; binning?: Binning } = {},
): number => {
  const confidence = new Float64Array(outcome.length).fill(NaN);
  const hit = new Float64Array(outcome.length).fill(NaN);
  outcome.forEach((c, i) => {
    const row = probability.subarray(i * classes, (i + 1) * classes);
    const most = row.reduce((best, p) => Math.max(best, p), -Infinity);
    if (!(c >= 0) || Number.isNaN(most)) return;
    confidence[i] = most;
    hit[i] = row.indexOf(most) === c ? 1 : 0;
  });
  return weighted(confidence, hit, binning);
};

/**
 * Class-wise expected calibration error: that of each class's own probability, mean over the classes. Sees errors in classes that are seldom the likeliest, which the
 * top class hides. NaN without rows.
 * Source: Kull et al., Beyond Temperature Scaling, NeurIPS (2019).
 */
export const classwiseCalibrationError = (
  probability: Float64Array,
  outcome: Float64Array,
  { classes = OUTCOMES, binning }: { classes?: number; binning?: Binning } = {},
): number =>
  sum(
    Array.from({ length: classes }, (_, k) => {
      const { forecast, happened } = classColumns(probability, outcome, classes, k);
      return weighted(forecast, happened, binning);
    }),
  ) / classes;
