import { didYouMean, usageError } from '../errors.js';
import { parseConfig, type WorkspaceConfig } from './workspace-config.js';
import { SETTING_KEYS, withValueAt, type SettingKey } from './setting-keys.js';
import { settingsFile, type SetSettings } from './settings-file.js';
import type { Workspace } from './workspace.js';

/** The setting of a name. Throws a usage error with the nearest one. */
export const settingNamed = (key: string): SettingKey => {
  const found = SETTING_KEYS.find(each => each.key === key);
  if (found !== undefined) return found;
  const above = SETTING_KEYS.filter(each => each.key.startsWith(`${key}.`)).map(each => each.key);
  const sentence = above.length > 0 ? `${key} holds several settings: ${above.join(', ')}.` : `There is no setting "${key}".`;
  const near =
    above.length > 0
      ? ''
      : didYouMean(
          key,
          SETTING_KEYS.map(each => each.key),
        );
  throw usageError('unknown-setting', `${sentence}${near}`, 'List them with: quantai settings get');
};

/** Throws where only `quantai.config.ts` may say it. */
export const refuseFileOnly = ({ key, editable }: SettingKey): void => {
  if (editable) return;
  throw usageError(
    'file-only',
    `${key} stands in quantai.config.ts only: it is what people agreed on, or may hold a secret.`,
    'Change that file; it is yours to review.',
  );
};

/** The workspace's settings with what was set before those of its file. Throws a usage error that names settings.json and the key. */
export const withSettings = (workspace: Workspace, exported: unknown, set: SetSettings): WorkspaceConfig => {
  let merged = exported;
  for (const [key, value] of Object.entries(set)) {
    refuseFileOnly(settingNamed(key));
    merged = withValueAt(merged, key, value);
  }
  return parseConfig(merged, settingsFile(workspace));
};
