import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { writeFileDurably } from '../durable-file.js';
import { failed } from '../errors.js';
import type { Estimate } from '../experiments/estimate.js';
import type { SearchEvidence } from '../experiments/search-evidence.js';
import type { WalkForwardResult } from '../experiments/walk-forward.js';

/** What a run's search says of itself, kept for its page of evidence. */
export interface KeptSearch {
  readonly version: 1;
  readonly search: SearchEvidence;
  /** Median over the folds. */
  readonly foldPbo: Estimate;
  readonly trials: WalkForwardResult['trials'];
}

const FILE = 'search-evidence.json.gz';

/** Keep it in the run's folder; logits go as plain numbers. */
export const keepSearch = async (
  folder: string,
  { search, overfitting, trials }: Pick<WalkForwardResult, 'search' | 'overfitting' | 'trials'>,
): Promise<void> => {
  const kept = { version: 1, search: { ...search, logits: [...search.logits] }, foldPbo: overfitting.pbo, trials };
  await writeFileDurably(join(folder, FILE), await promisify(gzip)(JSON.stringify(kept), { level: 4 }));
};

/** What an earlier run kept; undefined when it kept nothing, as releases before this one did. Throws for a form of another release. */
export const readKeptSearch = async (folder: string, runId: string): Promise<KeptSearch | undefined> => {
  const packed = await readFile(join(folder, FILE)).catch(() => undefined);
  if (packed === undefined) return undefined;
  const kept = JSON.parse((await promisify(gunzip)(packed)).toString()) as KeptSearch;
  if (kept.version !== 1)
    throw failed('unknown-format', `Run ${runId} was written by another release.`, 'Run it again with the command in its manifest.json.');
  return { ...kept, search: { ...kept.search, logits: Float64Array.from(kept.search.logits) } };
};
