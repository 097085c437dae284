/** What a process looks like at one moment of a long run. */
export interface SoakSample {
  readonly minutes: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
  readonly handles: number;
}

/** Slope of a figure over the samples after the first `skip` minutes, per hour, by least squares; NaN for fewer than three. */
export const slopeAnHour = (samples: readonly SoakSample[], skip: number, of: (sample: SoakSample) => number): number => {
  const late = samples.filter(({ minutes }) => minutes > skip);
  if (late.length < 3) return NaN;
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [t, y] = [mean(late.map(({ minutes }) => minutes)), mean(late.map(of))];
  let [up, down] = [0, 0];
  for (const sample of late) {
    up += (sample.minutes - t) * (of(sample) - y);
    down += (sample.minutes - t) * (sample.minutes - t);
  }
  return (60 * up) / down;
};
