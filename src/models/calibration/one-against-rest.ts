import type { Calibration, CalibrationSamples, CalibrationState, Calibrator } from './calibrator.js';
import { clip, renormalise } from './log-odds.js';

/** A map of one class's probability, learned from forecasts of that class and whether it came. */
export interface BinaryMap {
  readonly kind: string;
  readonly options: Calibrator['options'];
  /** Fewer samples give null. */
  readonly minimum: number;
  /** `p` is clipped away from 0 and 1; `hit` is 1 where the class came. Returns the parameters of the map. */
  readonly fit: (p: Float64Array, hit: Uint8Array, weight: Float64Array) => readonly number[];
  readonly map: (parameters: Float64Array) => (p: number) => number;
}

/**
 * A calibrator of three classes from a map of one: each class against the rest, then made to add up to 1 (Zadrozny & Elkan, KDD 2002). Too few samples, or a class that never came
 * or always came, give null.
 */
export const oneAgainstRest = ({ kind, options, minimum, fit, map }: BinaryMap): Calibrator => ({
  kind,
  options,
  fit: ({ count, probability, label, weight }: CalibrationSamples): CalibrationState | null => {
    if (count < minimum) return null;
    const classes: (readonly number[])[] = [];
    for (let c = 0; c < 3; c++) {
      const p = new Float64Array(count);
      const hit = new Uint8Array(count);
      let hits = 0;
      for (let i = 0; i < count; i++) {
        p[i] = clip(probability[3 * i + c]!);
        hit[i] = label[i] === c ? 1 : 0;
        hits += hit[i]!;
      }
      if (hits === 0 || hits === count) return null;
      classes.push(fit(p, hit, weight));
    }
    return { kind, classes };
  },
  calibration: (state): Calibration => {
    const maps = (state['classes'] as readonly (readonly number[])[]).map(parameters => map(Float64Array.from(parameters)));
    const [down, flat, up] = [maps[0]!, maps[1]!, maps[2]!];
    return (p, offset) => {
      p[offset] = down(clip(p[offset]!));
      p[offset + 1] = flat(clip(p[offset + 1]!));
      p[offset + 2] = up(clip(p[offset + 2]!));
      renormalise(p, offset);
    };
  },
});
