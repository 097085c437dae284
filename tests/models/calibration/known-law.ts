import type { CalibrationSamples } from '../../../src/models/calibration/calibrator.js';
import { random } from '../../../src/random.js';

/** Forecasts of a forecaster that knows the law but says more than it knows: true probabilities to the power `sharpness`, made to add up to 1. Outcomes are drawn from the true ones. */
export const knownLaw = (count: number, seed: string, sharpness: number): CalibrationSamples => {
  const draw = random(`known law/${seed}`);
  const probability = new Float64Array(3 * count);
  const label = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [Math.exp(0.6 * draw.normal()), Math.exp(0.4 * draw.normal()), Math.exp(0.6 * draw.normal())];
    const truth = [a / (a + b + c), b / (a + b + c), c / (a + b + c)];
    const u = draw.next();
    label[i] = u < truth[0]! ? 0 : u < truth[0]! + truth[1]! ? 1 : 2;
    const said = truth.map(p => Math.exp(sharpness * Math.log(p)));
    const total = said[0]! + said[1]! + said[2]!;
    said.forEach((p, k) => (probability[3 * i + k] = p / total));
  }
  return { count, probability, label, weight: new Float64Array(count).fill(1) };
};
