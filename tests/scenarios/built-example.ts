import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveStrategy } from '../../src/strategies/load.js';
import type { Strategy } from '../../src/strategies/strategy.js';

const kept = new Map<string, Promise<Strategy>>();

const build = async (path: string): Promise<Strategy> => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'example-'));
  try {
    return (await resolveStrategy(path, { cacheDir })).strategy;
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
};

/** A strategy of `examples/`, built as the command line builds it; once a process. */
export const built = (path: string): Promise<Strategy> => {
  const known = kept.get(path);
  if (known) return known;
  const made = build(path);
  kept.set(path, made);
  return made;
};
