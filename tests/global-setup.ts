import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of this run of the tests, in which each worker has its own (see `setup.ts`). Names are short: sockets lie in it, whose paths may have some hundred characters. */
export default (): (() => void) => {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'q'));
  process.env['TEST_TEMPORARY'] = root;
  return () => rmSync(root, { recursive: true, force: true, maxRetries: 5 });
};
