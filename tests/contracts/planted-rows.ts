import { random } from '../../src/random.js';
import type { TrainingRows } from '../../src/models/training-rows.js';

/** What the rows are to be like. */
export interface PlantedOptions {
  readonly count?: number;
  readonly width?: number;
  readonly groups?: number;
  readonly seed?: number | string;
  /** Part of the standardised outcome that feature 0 carries; 0 is pure chance. */
  readonly strength?: number;
  /** Rows of the same group by which the outcome lags the feature: 0 when left out, so that the newest row tells. */
  readonly lag?: number;
  /** Share of features that are missing. */
  readonly missing?: number;
}

/** Rows with a known law: outcome ÷ scale = strength × feature 0 (`lag` rows ago) + noise of variance 1 − strength², classes cut at ±0.4. Groups take turns. */
export const plantedRows = ({
  count = 1200,
  width = 5,
  groups = 2,
  seed = 1,
  strength = 0.7,
  lag = 0,
  missing = 0,
}: PlantedOptions = {}): TrainingRows => {
  const draw = random(`planted/${seed}`);
  const x = Float64Array.from({ length: count * width }, () => draw.normal());
  const scale = Float64Array.from({ length: count }, () => 0.01 + 0.01 * draw.next());
  const weight = Float64Array.from({ length: count }, () => 0.5 + draw.next());
  const z = Float64Array.from({ length: count }, (_, i) => {
    const told = i - lag * groups;
    const signal = told >= 0 ? x[told * width]! : draw.normal();
    return strength * signal + Math.sqrt(1 - strength * strength) * draw.normal();
  });
  if (missing > 0) for (let i = 0; i < x.length; i++) if (draw.next() < missing) x[i] = NaN;
  return {
    count,
    width,
    names: Array.from({ length: width }, (_, j) => `feature ${j}`),
    x,
    label: Uint8Array.from(z, v => (v < -0.4 ? 0 : v > 0.4 ? 2 : 1)),
    outcome: z.map((v, i) => v * scale[i]!),
    scale,
    weight,
    group: Int32Array.from({ length: count }, (_, i) => i % groups),
    ts: Float64Array.from({ length: count }, (_, i) => 1_600_000_000_000 + Math.floor(i / groups) * 3_600_000),
  };
};
