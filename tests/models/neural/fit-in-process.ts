import { lstm } from '../../../src/models/lstm.js';
import { plantedRows } from '../../contracts/planted-rows.js';

/** Trains a small network on each of two back ends and says their checkpoints: built into a script, to be run in a process or a thread of its own. */
const rows = plantedRows({ count: 200, seed: 'process' });
for (const backend of ['wasm', 'cpu'] as const) {
  const model = lstm({ epochs: 2, batch: 64, lookback: 3, units: 4, backend });
  await model.prepare?.();
  process.stdout.write(`${JSON.stringify(model.fit(rows, 3))}\n`);
}
