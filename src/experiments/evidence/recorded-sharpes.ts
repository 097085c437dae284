import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface ResultLine {
  readonly hash: string;
  readonly sharpe: number;
  readonly isCheck: boolean;
}

const resultOf = (text: string): ResultLine | undefined => {
  // Most lines of a ledger announce trials; only results are worth parsing.
  if (!text.includes('"type":"result"')) return undefined;
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line !== 'object' || line === null) return undefined;
    const { hash, sharpe, role } = line as { readonly hash?: unknown; readonly sharpe?: unknown; readonly role?: unknown };
    return typeof hash === 'string' && typeof sharpe === 'number' ? { hash, sharpe, isCheck: role === 'check' } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Sharpe ratios per return observation that the ledger holds of these trials, in the order of `hashes`; trials without one are left out. Of a trial that was evaluated by itself and in
 * a check, the first counts: a check changes costs.
 */
export const recordedSharpes = async (folder: string, hashes: readonly string[]): Promise<number[]> => {
  const wanted = new Set(hashes);
  const found = new Map<string, ResultLine>();
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(file => file.endsWith('.ndjson')).sort())
    for (const text of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      const line = resultOf(text);
      if (line === undefined || !wanted.has(line.hash)) continue;
      const known = found.get(line.hash);
      if (known === undefined || (known.isCheck && !line.isCheck)) found.set(line.hash, line);
    }
  return hashes.flatMap(hash => found.get(hash)?.sharpe ?? []);
};
