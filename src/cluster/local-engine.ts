import { inProcessEngine } from './in-process.js';
import type { JobEngine } from './job-engine.js';
import { piscinaEngine } from './piscina.js';

/** The job engine of this machine for so many threads, all cores when left out; one thread is this one. */
export const localEngine = (workers: number | undefined): JobEngine =>
  workers === 1 ? inProcessEngine() : piscinaEngine(workers === undefined ? {} : { workers });
