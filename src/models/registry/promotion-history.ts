import { open, readFile } from 'node:fs/promises';
import { canonicalJson } from '../../datasets/canonical-json.js';

/** Something that happened to a set, with the wall time at which it did, epoch ms. `from` is the version that was current before. */
export interface PromotionEvent {
  readonly time: number;
  readonly event: 'trained' | 'promoted' | 'rolled-back';
  readonly version: string;
  readonly from: string | null;
}

const parse = (line: string): PromotionEvent | undefined => {
  try {
    return JSON.parse(line) as PromotionEvent;
  } catch {
    return undefined;
  }
};

/** All that happened, the oldest first. Lines torn by a crash are left out; a file that is not there is empty. */
export const readHistory = async (file: string): Promise<readonly PromotionEvent[]> =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').flatMap(line => parse(line) ?? []);

/** Append one line, on disk when it resolves. Nothing that was written is ever changed. */
export const appendHistory = async (file: string, event: PromotionEvent): Promise<void> => {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    // A line torn by a crash ends here; what follows must not be glued to it.
    const torn = size > 0 && (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== 0x0a;
    await handle.appendFile(`${torn ? '\n' : ''}${canonicalJson(event)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
};

/**
 * Versions that were current, the present one last: a promotion goes on top, a rollback takes off what is above its version. Going back again and again therefore goes
 * further back, and never to and fro.
 */
export const promotionStack = (history: readonly PromotionEvent[], head: string): readonly string[] => {
  const stack: string[] = [];
  const put = (version: string): void => {
    if (stack.at(-1) !== version) stack.push(version);
  };
  for (const { event, version } of history) {
    if (event === 'trained') continue;
    if (event === 'rolled-back' && stack.includes(version)) stack.length = stack.lastIndexOf(version) + 1;
    else put(version);
  }
  // HEAD is moved before the line is written: what a crash kept from the history is on top.
  put(head);
  return stack;
};
