import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `work` in an empty workspace and removes it. */
export const inWorkspace = async <T>(work: (workspace: string) => Promise<T>): Promise<T> => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-datasets-'));
  try {
    return await work(workspace);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
};
