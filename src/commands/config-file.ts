import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleStrategy } from '../strategies/bundle.js';
import { withSettings } from './set-settings.js';
import { readSettingsFile } from './settings-file.js';
import { parseConfig, type WorkspaceConfig } from './workspace-config.js';
import type { Workspace } from './workspace.js';

/** What was imported, by the file and its code: a module that was imported once is kept by Node for good. */
const imported = new Map<string, unknown>();

/** What `quantai.config.ts` exports, as it was written; an empty object where there is no such file. */
export const exportedConfig = async (workspace: Workspace): Promise<unknown> => {
  if (!existsSync(workspace.configFile)) return {};
  await mkdir(workspace.cache, { recursive: true });
  // Passwords may be in it: nobody else can enter the folder, and nothing stays of it.
  const folder = await mkdtemp(join(workspace.cache, 'config-'));
  try {
    const { file, hash } = await bundleStrategy(workspace.configFile, { cacheDir: folder });
    const key = `${workspace.configFile} ${hash}`;
    if (!imported.has(key)) imported.set(key, ((await import(pathToFileURL(file).href)) as { default?: unknown }).default);
    return imported.get(key);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The workspace's settings: those of `quantai.config.ts`, and before them what `quantai settings set` wrote. */
export const readConfig = async (workspace: Workspace): Promise<WorkspaceConfig> => {
  const exported = await exportedConfig(workspace);
  // Checked alone first, so that a mistake is looked for in the file that holds it.
  const own = parseConfig(exported, workspace.configFile);
  const set = await readSettingsFile(workspace);
  return Object.keys(set).length === 0 ? own : withSettings(workspace, exported, set);
};
