import { mixtureForecast } from '../class-moments.js';
import { OUTCOMES } from '../forecast.js';
import type { Head, Targets } from './network.js';

/** Logarithms of the weighted class shares, with one row of each class added. */
export const logShares = ({ label, weight }: Targets): Float64Array => {
  const total = new Float64Array(OUTCOMES).fill(1);
  let all = OUTCOMES;
  label.forEach((c, i) => {
    total[c]! += weight[i]!;
    all += weight[i]!;
  });
  return total.map(sum => Math.log(sum / all));
};

/** Log loss of three log-odds from `offset`, and its derivatives by them. */
export const softmaxLossAt = (outputs: Float64Array, offset: number, label: number, gradient: Float64Array): number => {
  const [a, b, c] = [outputs[offset]!, outputs[offset + 1]!, outputs[offset + 2]!];
  const top = Math.max(a, b, c);
  const [ea, eb, ec] = [Math.exp(a - top), Math.exp(b - top), Math.exp(c - top)];
  const total = ea + eb + ec;
  gradient[offset] = ea / total;
  gradient[offset + 1] = eb / total;
  gradient[offset + 2] = ec / total;
  gradient[offset + label]! -= 1;
  return Math.log(total) + top - outputs[offset + label]!;
};

/** Three log-odds, judged by log loss. Mean and standard deviation come from the moments of the classes. */
export const softmaxHead = (): Head => ({
  outputs: OUTCOMES,
  bias: logShares,
  loss: (outputs, offset, label, _z, gradient) => softmaxLossAt(outputs, offset, label, gradient),
  forecast: (outputs, moments, scale, out) => {
    const top = Math.max(outputs[0]!, outputs[1]!, outputs[2]!);
    const down = Math.exp(outputs[0]! - top);
    const flat = Math.exp(outputs[1]! - top);
    const up = Math.exp(outputs[2]! - top);
    const total = down + flat + up;
    mixtureForecast(down / total, flat / total, up / total, moments, scale, out);
  },
});
