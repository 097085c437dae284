import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configureGlobal } from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a test fails when the code changed and not when luck did.
 * `FAST_CHECK_SEED=7 npm test` draws others; `FAST_CHECK_SEED=random` draws new ones each time, to look for what nobody has met.
 */
const seed = process.env['FAST_CHECK_SEED'] ?? '20240101';
if (seed !== 'random') configureGlobal({ seed: Number(seed) });

/** Sessions find each other by sockets in the temporary folder. With one of its own, no worker's session holds the account of another's, or of whoever else works on this host. */
const root = process.env['TEST_TEMPORARY'];
if (root !== undefined) {
  const own = join(root, `${process.pid}`);
  mkdirSync(own, { recursive: true });
  process.env['TMPDIR'] = own;
}
