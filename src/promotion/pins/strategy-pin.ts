import { dirname, relative, sep } from 'node:path';
import type { ResolvedStrategy } from '../../strategies/load.js';
import { fileHash } from './file-hash.js';
import type { PinSubject } from './pin-subject.js';

const portable = (path: string): string => path.split(sep).join('/');

/** A strategy as pins name it: its bundle, and the bytes of every file that went in. A comment that was changed shows in the second only. */
export const strategyPin = async (resolved: ResolvedStrategy, root: string): Promise<PinSubject['strategy']> => {
  const { ref, hash, strategy, file, inputs } = resolved;
  const [entry = ''] = inputs;
  const folder = dirname(entry);
  return {
    name: strategy.name,
    builtin: 'builtin' in ref ? ref.builtin : null,
    entry: file === null ? null : portable(relative(root, file)),
    bundle: hash,
    files: await Promise.all(
      inputs.map(async path => ({ path: portable(relative(folder, path)), sha256: (await fileHash(path)) ?? 'missing' })),
    ),
  };
};
