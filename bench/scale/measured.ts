import type { Costs } from './simulate.js';

/**
 * Measured by `npm run bench -- --only queue` on two cores: processor time of the database and of the submitter for a job that does nothing and for a megabyte of result, and how fast jobs get in. The lake hangs on a wire of ten gigabit, a worker on one of one.
 */
export const MEASURED: Readonly<Record<'postgres' | 'redis', Costs>> = {
  postgres: {
    add: 0.0001,
    take: 0.0008,
    finish: 0.0008,
    finishMegabyte: 0.0081,
    lanes: 2,
    collect: 0.0003,
    collectMegabyte: 0.004,
    lakeRate: 1_180,
    workerRate: 110,
  },
  redis: {
    add: 0.00008,
    take: 0.00014,
    finish: 0.00014,
    finishMegabyte: 0.0024,
    lanes: 1,
    collect: 0.00022,
    collectMegabyte: 0.0031,
    lakeRate: 1_180,
    workerRate: 110,
  },
};
