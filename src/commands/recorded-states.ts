import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StateMark } from '../engine/account-state.js';
import { RUN_TABLES } from '../journal/tables.js';
import { readParquet } from '../parquet.js';
import type { RunOnDisk } from './run-list.js';

/** The states that a kept run recorded on its way; null for a run of a release that recorded none. */
export const recordedStates = async ({ folder }: RunOnDisk): Promise<readonly StateMark[] | null> => {
  const path = join(folder, RUN_TABLES.state_hashes.file);
  if (!existsSync(path)) return null;
  const { rows, columns } = await readParquet(path);
  const [seq, ts, hash] = [columns['seq'], columns['ts'], columns['hash']];
  return Array.from({ length: rows }, (_, i) => ({ seq: Number(seq?.[i]), ts: Number(ts?.[i]), hash: String(hash?.[i] ?? '') }));
};
