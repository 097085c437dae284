import type { SettingView } from '../../api/settings-api.js';

export interface SettingGroup {
  readonly name: string;
  readonly settings: readonly SettingView[];
}

/** Settings by the first word of their key, those without a second word together first; only what the search finds in key, meaning or value. */
export const settingGroups = (
  settings: readonly SettingView[],
  { text, changedOnly }: { readonly text: string; readonly changedOnly: boolean },
): readonly SettingGroup[] => {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  const groups = new Map<string, SettingView[]>();
  for (const setting of settings) {
    if (changedOnly && setting.source === 'default') continue;
    const hay = `${setting.key} ${setting.text} ${JSON.stringify(setting.value)}`.toLowerCase();
    if (!words.every(word => hay.includes(word))) continue;
    const dot = setting.key.indexOf('.');
    const name = dot < 0 ? 'general' : setting.key.slice(0, dot);
    groups.set(name, [...(groups.get(name) ?? []), setting]);
  }
  return [...groups]
    .map(([name, of]) => ({ name, settings: of }))
    .sort((a, b) => Number(b.name === 'general') - Number(a.name === 'general') || a.name.localeCompare(b.name));
};
