import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/commands/main.js';

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run a command line in this process. */
export const quantai = async (words: readonly string[], signal?: AbortSignal): Promise<Ran> => {
  let [out, err] = ['', ''];
  const code = await main(words, {
    out: text => (out += text),
    err: text => (err += text),
    interactive: false,
    ...(signal && { signal }),
  });
  return { code, out, err };
};

/** An empty workspace; the caller removes it. */
export const temporaryWorkspace = async (): Promise<{ readonly root: string; readonly remove: () => Promise<void> }> => {
  const root = await mkdtemp(join(tmpdir(), 'quantai-'));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
};
