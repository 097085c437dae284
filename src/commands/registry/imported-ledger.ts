import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileDurably } from '../../durable-file.js';
import { UserError } from '../../errors.js';
import { ledgerFiles } from '../../experiments/read-trials.js';
import type { Workspace } from '../workspace.js';
import { teamFolder } from './registry-place.js';

/** Bytes of each file of a ledger, by its name. */
export type LedgerSizes = Readonly<Record<string, number>>;

const Imported = z.strictObject({ registry: z.string(), files: z.record(z.string(), z.number()) });

const fileOf = (workspace: Pick<Workspace, 'root'>): string => join(teamFolder(workspace), 'imported-ledger.json');

/** The files of a workspace's own ledger. */
export const ledgerSizes = async ({ ledger }: Pick<Workspace, 'ledger'>): Promise<LedgerSizes> =>
  Object.fromEntries(
    await Promise.all((await ledgerFiles(ledger)).map(async name => [name, (await stat(join(ledger, name))).size] as const)),
  );

/** Notes that these files, as long as that, are in a registry. `registry`: without its password. */
export const noteImported = async (workspace: Pick<Workspace, 'root'>, registry: string, files: LedgerSizes): Promise<void> => {
  if (Object.keys(files).length === 0) return;
  await mkdir(teamFolder(workspace), { recursive: true });
  await writeFileDurably(fileOf(workspace), `${JSON.stringify({ registry, files })}\n`);
};

/** What was noted; nothing where that cannot be read: then it is brought once more, which changes nothing. */
const noted = async (workspace: Pick<Workspace, 'root'>, registry: string): Promise<LedgerSizes> => {
  try {
    const imported = Imported.parse(JSON.parse(await readFile(fileOf(workspace), 'utf8')));
    return imported.registry === registry ? imported.files : {};
  } catch {
    return {};
  }
};

/**
 * Throws (exit code 4) while the workspace's own ledger has trials that the registry was not brought: N without them is too small, whoever counts. They are of the time before it joined, or were made without naming the
 * registry. Asked before the team's trials are counted or added to.
 */
export const requireImported = async (workspace: Pick<Workspace, 'root' | 'ledger'>, registry: string): Promise<void> => {
  const sizes = await ledgerSizes(workspace);
  const there = await noted(workspace, registry);
  const missing = Object.keys(sizes).filter(name => !Object.hasOwn(there, name) || there[name] !== sizes[name]);
  if (missing.length === 0) return;
  const [first] = missing;
  throw new UserError(
    'trials-not-imported',
    `Trials of ${missing.length === 1 ? `the run in ledger/${first ?? ''}` : `${missing.length} runs, such as ledger/${first ?? ''}`}, are not in ${registry}, and N without them is too small.`,
    4,
    'Bring them there with: quantai registry import.',
  );
};
