import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { bundleStrategy } from '../strategies/bundle.js';
import { withSettings } from './set-settings.js';
import { readSettingsFile } from './settings-file.js';
import { parseConfig, type WorkspaceConfig } from './workspace-config.js';
import type { Workspace } from './workspace.js';

/** What `quantai.config.ts` exports, as it was written; an empty object where there is no such file. */
export const exportedConfig = async (workspace: Workspace): Promise<unknown> => {
  if (!existsSync(workspace.configFile)) return {};
  const { file } = await bundleStrategy(workspace.configFile, { cacheDir: workspace.bundles });
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  return module.default;
};

/** The workspace's settings: those of `quantai.config.ts`, and before them what `quantai settings set` wrote. */
export const readConfig = async (workspace: Workspace): Promise<WorkspaceConfig> => {
  const exported = await exportedConfig(workspace);
  // Checked alone first, so that a mistake is looked for in the file that holds it.
  const own = parseConfig(exported, workspace.configFile);
  const set = await readSettingsFile(workspace);
  return Object.keys(set).length === 0 ? own : withSettings(workspace, exported, set);
};
