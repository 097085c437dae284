import type { Json } from '../forecaster.js';

/** Forecasts whose outcome is known: what a calibrator learns from. */
export interface CalibrationSamples {
  readonly count: number;
  /** count × 3 probabilities (down, flat, up), row-major. */
  readonly probability: Float64Array;
  readonly label: Uint8Array;
  readonly weight: Float64Array;
}

/** A fitted calibration as data. */
export type CalibrationState = { readonly kind: string; readonly [key: string]: Json };

/** Maps three probabilities in place (`p[offset…offset + 2]`) to calibrated ones that add up to 1. Allocates nothing. */
export type Calibration = (p: Float64Array, offset: number) => void;

/** A way to repair probabilities from the outcomes of past ones. Pure: the same samples give the same state. */
export interface Calibrator {
  readonly kind: string;
  readonly options: { readonly [key: string]: Json };
  /** Fewer samples than it can learn from give null: then forecasts pass as they are. */
  readonly fit: (samples: CalibrationSamples) => CalibrationState | null;
  readonly calibration: (state: CalibrationState) => Calibration;
}
