// Writes the committed sample dataset anew: npm run build && node scripts/make-sample.mjs
// The same release gives the same version hash; tests/datasets/sample.test.ts compares it.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SAMPLE_CONFIG, SAMPLE_SEED } from '../dist/datasets/synthetic/sample.js';
import { synthesise } from '../dist/datasets/synthetic/synthesise.js';
import { writeDataset } from '../dist/datasets/write.js';

const root = fileURLToPath(new URL('..', import.meta.url));
await rm(new URL('../datasets/sample', import.meta.url), { recursive: true, force: true });
const { version, series } = await writeDataset(root, 'sample', synthesise(SAMPLE_CONFIG, SAMPLE_SEED));
console.log(`datasets/sample ${version}: ${series.map(({ kind, symbol, rows }) => `${rows} ${kind} of ${symbol}`).join(', ')}`);
