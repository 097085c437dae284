import { measurement, type Benchmark } from './harness/benchmark.js';
import { MEASURED } from './scale/measured.js';
import { simulate, type Outcome, type Submission } from './scale/simulate.js';

/** Megabytes that a job of a sweep brings back, by its seconds: the returns of 16 configurations, a day each. Eleven years of hours are computed in 0.12 s, four of minutes in two or three. */
const RESULT = { 0.12: 0.75, 2: 0.25 } as const;
type Work = keyof typeof RESULT;

/** A research group at work: a few large searches that are there from the start, and small runs of ten jobs from everybody else, four hundred at most, spread over as long as all of it should take. */
export const day = (jobs: number, workers: number, work: Work): Submission[] => {
  const large = 5;
  const small = Math.max(20, Math.floor((jobs * 0.1) / 10));
  const runs = Math.min(small, 400);
  const length = (jobs * work) / workers;
  return [
    ...Array.from({ length: large }, (_, i) => ({
      at: 0,
      submitter: i,
      jobs: Math.floor((jobs - 10 * runs) / large),
      work,
      shared: 25,
      result: RESULT[work],
    })),
    ...Array.from({ length: runs }, (_, i) => ({
      at: (0.05 + (0.85 * i) / runs) * length,
      submitter: large + (i % 45),
      jobs: 10,
      work,
      shared: 5,
      result: RESULT[work],
    })),
  ];
};

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
};

/** What gives out first: the part that is busy for most of the time. */
export const limitOf = ({ database, lake, collector, efficiency }: Outcome): string => {
  const most = Math.max(database, lake, collector);
  if (efficiency > 0.8 || most < 0.5) return 'the workers';
  return most === database ? 'the database' : most === lake ? 'the lake' : 'one submitter';
};

/** The real scheduler over simulated workers, from one to a thousand, on both backends: how far a queue goes before something other than the workers decides. */
export const benchmark: Benchmark = {
  run: ({ quick }) => {
    const rows = [];
    for (const [backend, costs] of Object.entries(MEASURED))
      for (const work of [0.12, 2] as const)
        for (const workers of quick ? [10, 1_000] : [10, 100, 300, 1_000]) {
          // As much as keeps the workers busy for ten minutes, a million at most.
          const jobs = Math.min(quick ? 50_000 : 1_000_000, Math.max(2_000, Math.floor((600 * workers) / work)));
          const outcome = simulate({ workers, costs, submissions: day(jobs, workers, work), lifetime: 86_400, seed: 'day' });
          const small = outcome.served.slice(5).map(({ last }) => last);
          rows.push(
            measurement(
              `scale: ${backend}, ${workers} workers, jobs of ${work} s (${limitOf(outcome)})`,
              outcome.jobs / outcome.elapsed,
              'jobs/s',
              { ratio: (outcome.jobs / outcome.elapsed) * (work / workers), of: 'workers that wait for nothing' },
            ),
            measurement(
              `scale: ${backend}, ${workers} workers, jobs of ${work} s: small runs, p50 to the last result`,
              quantile(small, 0.5),
              's',
            ),
          );
        }
    return Promise.resolve(rows);
  },
};
