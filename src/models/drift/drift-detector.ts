/** How far a watched quantity has moved: nothing to say, enough to be careful, enough to stop. */
export type DriftLevel = 'none' | 'warning' | 'drift';

/** Watches one sequence of numbers. The false-alarm rate on stationary data is stated by its factory and tested. */
export interface DriftDetector {
  /** One more observation; returns the level now. */
  update(x: number): DriftLevel;
  /** The statistic that is compared with the threshold, for the record. */
  readonly statistic: number;
  readonly threshold: number;
  /** Forget what was seen: after a model was retrained, its errors are another sequence. */
  reset(): void;
}

/** Makes fresh detectors of one kind and setting. */
export interface DriftDetectorRule {
  readonly kind: string;
  readonly create: () => DriftDetector;
}
