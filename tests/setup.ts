import { configureGlobal } from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a test fails when the code changed and not when luck did.
 * `FAST_CHECK_SEED=7 npm test` draws others; `FAST_CHECK_SEED=random` draws new ones each time, to look for what nobody has met.
 */
const seed = process.env['FAST_CHECK_SEED'] ?? '20240101';
if (seed !== 'random') configureGlobal({ seed: Number(seed) });
