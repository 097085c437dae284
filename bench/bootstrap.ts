import { returnIntervals } from '../src/metrics/intervals.js';
import { random } from '../src/random.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** Intervals of all metrics of a long track record, against reading as many days from a typed array. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const days = 5_000;
    const samples = quick ? 1_000 : 10_000;
    const draw = random('bootstrap');
    const returns = Float64Array.from({ length: days }, () => 0.0008 + 0.02 * draw.normal());
    const metrics = Object.keys(returnIntervals(returns, 365, { seed: 0, samples: 1 })).length;
    /** The least that any bootstrap of one metric does, were its draws free: one addition a day and resample. */
    const bare = (): number => {
      let total = 0;
      for (let s = 0; s < samples; s++) for (let i = 0; i < days; i++) total += returns[i]!;
      return total;
    };
    const [intervals = [], pass = []] = await interleave(
      [{ run: () => returnIntervals(returns, 365, { seed: 1, samples }) }, { run: bare }],
      { warmups: 2, rounds: 5 },
    );
    const size = `${samples.toLocaleString('en-GB')} × ${days.toLocaleString('en-GB')} days, ${metrics} metrics`;
    return [
      measurement(`bootstrap: ${size}`, median(intervals), 's', {
        timings: intervals,
        ratio: ratioOf(intervals, pass),
        of: 'a bare pass over the same days',
        targets: [{ on: 'value', atMost: 3, text: '< 3 s' }],
      }),
    ];
  },
};
