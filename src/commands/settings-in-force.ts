import { z } from 'zod';
import { exportedConfig } from './config-file.js';
import { SETTING_KEYS, valueAt, type SettingKey } from './setting-keys.js';
import { readSettingsFile } from './settings-file.js';
import { QuantaiConfig } from './workspace-config.js';
import type { Workspace } from './workspace.js';

/** A setting as it is in force. The shape of the API's `SettingView`. */
export interface SettingInForce {
  readonly key: string;
  readonly value: unknown;
  readonly default: unknown;
  readonly source: 'default' | 'quantai.config.ts' | 'settings.json';
  readonly schema: unknown;
  readonly text: string;
  readonly editable: boolean;
}

/** An address may be a secret: where it leads is enough. */
const withoutSecrets = (value: unknown): unknown => {
  if (typeof value === 'string' && /^(postgres(ql)?|rediss?):\/\//.test(value) && URL.canParse(value))
    return `${new URL(value).protocol}//${new URL(value).host}/…`;
  if (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)) return `${new URL(value).origin}/…`;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutSecrets(each)]));
  return value;
};

const schemaOf = ({ schema }: SettingKey): unknown => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

/** Every setting with its value and where that comes from. A null value without a source is left to the venue or the command. */
export const settingsInForce = async (workspace: Workspace): Promise<readonly SettingInForce[]> => {
  const [exported, set, defaults] = [await exportedConfig(workspace), await readSettingsFile(workspace), QuantaiConfig.parse({})];
  return SETTING_KEYS.map(each => {
    const { key, text, editable } = each;
    const [fromFile, byDefault] = [valueAt(exported, key), valueAt(defaults, key) ?? null];
    const source = key in set ? 'settings.json' : fromFile !== undefined ? 'quantai.config.ts' : 'default';
    const value = source === 'settings.json' ? set[key] : (fromFile ?? byDefault);
    return { key, value: withoutSecrets(value), default: byDefault, source, schema: schemaOf(each), text, editable };
  });
};
