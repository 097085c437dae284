import type { Costs } from './simulate.js';

/**
 * Measured with `npm run bench -- --only queue --only lake` on two cores, the workers on the same machine as the database; docs/scale.md has the table. A larger database machine has more lanes.
 */
export const MEASURED: Readonly<Record<'postgres' | 'redis', Costs>> = {
  postgres: { add: 0.00015, take: 0.0015, finish: 0.0015, lanes: 2, collect: 0.0005, lakeRate: 500, workerRate: 110 },
  redis: { add: 0.00005, take: 0.0002, finish: 0.0002, lanes: 1, collect: 0.0005, lakeRate: 500, workerRate: 110 },
};
