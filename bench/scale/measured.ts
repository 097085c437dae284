import type { Costs } from './simulate.js';

/**
 * Measured by `npm run bench -- --only queue` on two cores: processor time of the database and of the submitter for a job that does nothing, and how fast jobs get in. The lake hangs on a wire of ten gigabit, a worker on one of one.
 */
export const MEASURED: Readonly<Record<'postgres' | 'redis', Costs>> = {
  postgres: {
    add: 0.00015,
    take: 0.0009,
    finish: 0.0009,
    finishMegabyte: 0.011,
    lanes: 2,
    collect: 0.00034,
    collectMegabyte: 0.008,
    lakeRate: 1_180,
    workerRate: 110,
  },
  redis: {
    add: 0.00008,
    take: 0.00013,
    finish: 0.00013,
    finishMegabyte: 0.0034,
    lanes: 1,
    collect: 0.00024,
    collectMegabyte: 0.008,
    lakeRate: 1_180,
    workerRate: 110,
  },
};
