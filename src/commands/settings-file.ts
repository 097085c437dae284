import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { usageError } from '../errors.js';
import type { Workspace } from './workspace.js';

/** Settings that `quantai settings set` wrote, by dotted key. They go before those of `quantai.config.ts`; the command line goes before both. */
export type SetSettings = Readonly<Record<string, unknown>>;

/** The file that holds them. */
export const settingsFile = ({ root }: Pick<Workspace, 'root'>): string => join(root, 'settings.json');

/** What was set in this workspace; nothing where there is no such file. Throws a usage error that names the file where it is no JSON object. */
export const readSettingsFile = async (workspace: Pick<Workspace, 'root'>): Promise<SetSettings> => {
  const file = settingsFile(workspace);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as SetSettings;
  } catch {
    // Said below, like anything else that is no object.
  }
  throw usageError('bad-config', `${file} holds no JSON object.`, 'Mend it, or remove it to go back to quantai.config.ts.');
};

/** Writes what is set, keys in order, whole or not at all. */
export const writeSettingsFile = async (workspace: Pick<Workspace, 'root'>, settings: SetSettings): Promise<void> => {
  const sorted = Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFileDurably(settingsFile(workspace), `${JSON.stringify(sorted, null, 2)}\n`);
};
