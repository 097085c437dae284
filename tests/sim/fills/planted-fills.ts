import { power } from '../../../src/numeric/pow.js';
import { random } from '../../../src/random.js';
import type { FillObservation } from '../../../src/sim/fills/fill-observation.js';

/** What is planted. */
export interface Planted {
  readonly seed: string;
  readonly n: number;
  readonly spreadBps: number;
  readonly coefficient: number;
  readonly exponent: number;
  /** Standard deviation of the noise as a multiple of σ. */
  readonly noise: number;
  /** Part of the fills that come with an error fifty times as large. */
  readonly outliers?: number;
  readonly observedSpread?: boolean;
}

/** Fills of orders between 10⁻⁵ and 0.3 of the volume that cost what the planted law says, plus noise. */
export const plantedFills = (plan: Planted): FillObservation[] => {
  const { seed, n, spreadBps, coefficient, exponent, noise, outliers = 0, observedSpread = false } = plan;
  const draw = random(`planted/${seed}`);
  return Array.from({ length: n }, (_, i) => {
    const arrival = 50_000 * Math.exp(0.05 * draw.normal());
    const sigma = 0.002 * Math.exp(0.6 * draw.normal());
    const volume = 400 * Math.exp(0.5 * draw.normal());
    const share = Math.exp(Math.log(1e-5) + (Math.log(0.3) - Math.log(1e-5)) * draw.next());
    const side = draw.next() < 0.5 ? 1 : -1;
    const spread = spreadBps * (observedSpread ? 0.5 + draw.next() : 1);
    const wild = draw.next() < outliers ? 50 : 1;
    const cost = spread / 20_000 + coefficient * sigma * power(share, exponent) + noise * wild * sigma * draw.normal();
    return {
      ts: 1_700_000_000_000 + i * 60_000,
      side,
      quantity: share * volume,
      price: arrival * (1 + side * cost),
      arrival,
      sigma,
      volume,
      row: i + 1,
      ...(observedSpread && { spread: (spread / 10_000) * arrival }),
    };
  });
};
