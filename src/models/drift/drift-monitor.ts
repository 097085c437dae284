import type { DriftRecord } from '../forecast-record.js';
import { OUTCOMES } from '../forecast.js';
import type { Json } from '../forecaster.js';
import type { RowStore } from '../row-store.js';
import type { DriftDetector, DriftDetectorRule, DriftLevel } from './drift-detector.js';

/** What is watched for drift, and by what. A null watches nothing. */
export interface DriftRules {
  /** The setting as data, for the recipe's identity. */
  readonly options: { readonly [key: string]: Json };
  /** Over log loss − expected log loss of the ensemble: above 0 when forecasts claim more than they hold. */
  readonly calibration: DriftDetectorRule | null;
  /** Over squared standardised residuals: above 1 when returns are wilder than forecast. */
  readonly residual: DriftDetectorRule | null;
  /** Over each feature, against a sample of the training rows. */
  readonly features: ((reference: Float64Array) => DriftDetector) | null;
  /** Share of the features that must have moved for a warning, and for drift: one of sixty always has. */
  readonly featureShare: { readonly warning: number; readonly drift: number };
}

/** Watches outcomes and features of one desk. */
export interface DriftMonitor {
  /** The worst level of all that is watched. */
  readonly level: DriftLevel;
  /** One matured forecast. */
  outcome(probability: Float64Array, offset: number, label: number, realised: number, mean: number, sd: number): void;
  /** An instant has been learned from; returns what changed its level. */
  step(now: number, store: RowStore): readonly DriftRecord[];
  /** New models are in force: their errors are another sequence, and their training rows another reference. */
  retrained(store: RowStore, training: { readonly from: number; readonly to: number }): void;
}

/** A squared residual counts no more than this: one crash is no new law. */
const LARGEST_SQUARE = 25;
const FLOOR = 1e-4;
/** Rows of the reference, spread evenly over the training rows. */
const REFERENCE_ROWS = 1000;
const RANK: readonly DriftLevel[] = ['none', 'warning', 'drift'];

/**
 * Drift of calibration, residuals and features. Labels that overlap make neighbouring outcomes alike, so detectors, whose laws assume independent observations, are fed
 * one mean for each stretch of the label's horizon, and features one row a stretch and symbol.
 */
export const driftMonitor = (rules: DriftRules, width: number, horizon: number, barMs: number): DriftMonitor => {
  const calibration = rules.calibration?.create() ?? null;
  const residual = rules.residual?.create() ?? null;
  let features: (DriftDetector | null)[] = [];
  let stretch = NaN;
  // Sums of the stretch: excess log loss, squared residuals, outcomes.
  const sums = new Float64Array(3);
  const levels = new Map<string, DriftLevel>();
  const changes: DriftRecord[] = [];

  const tell = (ts: number, subject: string, detector: string, level: DriftLevel, statistic: number, threshold: number): void => {
    if ((levels.get(subject) ?? 'none') === level) return;
    levels.set(subject, level);
    changes.push({ ts, subject, detector, level, statistic: Number.isFinite(statistic) ? statistic : 0, threshold });
  };

  const watchFeatures = (now: number, store: RowStore): void => {
    let moved = 0;
    let watched = 0;
    for (let k = 0; k < width; k++) {
      const detector = features[k];
      if (!detector) continue;
      let level: DriftLevel = 'none';
      for (const id of store.current) {
        const x = id < 0 ? NaN : store.x[(id - store.base) * width + k]!;
        if (Number.isFinite(x)) level = detector.update(x);
      }
      watched++;
      if (level === 'drift') moved++;
    }
    if (watched === 0) return;
    const share = moved / watched;
    const { warning, drift } = rules.featureShare;
    tell(
      now,
      'features',
      'share',
      share >= drift ? 'drift' : share >= warning ? 'warning' : 'none',
      share,
      share >= drift ? drift : warning,
    );
  };

  return {
    get level() {
      return RANK[Math.max(0, ...[...levels.values()].map(level => RANK.indexOf(level)))]!;
    },
    outcome: (probability, offset, label, realised, mean, sd) => {
      let entropy = 0;
      for (let c = 0; c < OUTCOMES; c++) {
        const p = Math.max(FLOOR, probability[offset + c]!);
        entropy -= p * Math.log(p);
      }
      const z = sd > 0 ? (realised - mean) / sd : 0;
      sums[0]! += -Math.log(Math.max(FLOOR, probability[offset + label]!)) - entropy;
      sums[1]! += Math.min(LARGEST_SQUARE, z * z);
      sums[2]! += 1;
    },
    step: (now, store) => {
      changes.length = 0;
      const at = Math.floor(now / (horizon * barMs));
      if (at === stretch) return changes;
      stretch = at;
      const n = sums[2]!;
      if (n > 0) {
        if (calibration !== null) {
          const level = calibration.update(sums[0]! / n);
          tell(now, 'calibration', rules.calibration!.kind, level, calibration.statistic, calibration.threshold);
        }
        if (residual !== null) {
          const level = residual.update(sums[1]! / n);
          tell(now, 'residual', rules.residual!.kind, level, residual.statistic, residual.threshold);
        }
        sums.fill(0);
      }
      if (features.length > 0) watchFeatures(now, store);
      return changes;
    },
    retrained: (store, { from, to }) => {
      calibration?.reset();
      residual?.reset();
      if (rules.features === null) return;
      const rows: number[] = [];
      for (let i = 0; i < store.next - store.base; i++)
        if (store.ready[i] === 1 && store.ts[i]! >= from && store.ts[i]! <= to) rows.push(i);
      const every = Math.max(1, Math.floor(rows.length / REFERENCE_ROWS));
      const sample = rows.filter((_, k) => k % every === 0);
      features = Array.from({ length: width }, (_, k) => {
        const values = Float64Array.from(sample, i => store.x[i * width + k]!).filter(x => Number.isFinite(x));
        return values.length < 100 ? null : rules.features!(values);
      });
    },
  };
};
