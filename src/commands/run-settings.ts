import { usageError } from '../errors.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { formatTime } from '../time.js';
import { actorName } from './actor.js';
import { exportedConfig, readConfig } from './config-file.js';
import type { GlobalOptions } from './global-options.js';
import { refuseFileOnly, settingNamed, withSettings } from './set-settings.js';
import { readSettingsFile, writeSettingsFile } from './settings-file.js';
import { settingsInForce, type SettingInForce } from './settings-in-force.js';
import type { GetSettings, SetSetting } from './settings.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

const shown = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

const listed = (settings: readonly SettingInForce[]): string =>
  settings.length === 0
    ? 'Everything is left to its default. `quantai settings get risk` shows a family, `--json` all.'
    : table(
        [{ title: 'Setting' }, { title: 'Value' }, { title: 'From' }, { title: 'Meaning' }],
        settings.map(({ key, value, source, text }) => [key, shown(value), source, text]),
      );

/** `quantai settings get` */
export const getSettings = async (args: GetSettings): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  // What is wrong in either file is said before anything is shown of it.
  await readConfig(workspace);
  const all = await settingsInForce(workspace);
  const { key } = args;
  const chosen = key === undefined ? all : all.filter(each => each.key === key || each.key.startsWith(`${key}.`));
  // Throws with the nearest name.
  if (key !== undefined && chosen.length === 0) settingNamed(key);
  present(args, { settings: chosen }, ({ settings }) =>
    listed(key === undefined ? settings.filter(({ source }) => source !== 'default') : settings),
  );
};

/** JSON where it is JSON; a word stands for itself, so that `30d` needs no quotes within quotes. */
const valueOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** `quantai settings set` */
export const setSetting = async (args: SetSetting): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const setting = settingNamed(args.key);
  refuseFileOnly(setting);
  const { key } = setting;
  const before = await readSettingsFile(workspace);
  const exported = await exportedConfig(workspace);
  const value = valueOf(args.value);
  const after = Object.fromEntries([
    ...Object.entries(before).filter(([name]) => name !== key),
    ...(value === 'default' ? [] : [[key, value] as const]),
  ]);
  withSettings(workspace, exported, after);
  const json = (document: Readonly<Record<string, unknown>>): string => JSON.stringify(key in document ? document[key] : null);
  if (json(before) === json(after)) throw usageError('as-it-was', `${key} is ${shown(before[key])} already.`, 'Nothing was changed.');
  await writeSettingsFile(workspace, after);
  const log = await workspaceAudit(workspace);
  await log.append(actorName(args), [
    { type: 'SettingSet', key, before: json(before), after: json(after), reason: args.reason?.trim() ?? '' },
  ]);
  const now = (await settingsInForce(workspace)).find(each => each.key === key);
  present(
    args,
    { setting: now },
    () => `${key} is ${shown(now?.value)} now (${now?.source}). Runs and sessions that begin from now on use it.`,
  );
};

/** A change of a setting, as the audit log has it. */
interface SettingChange {
  readonly at: number;
  readonly by: string;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
}

const changeOf = ({ at, actor, word }: AuditRecord): readonly SettingChange[] =>
  word.type === 'SettingSet'
    ? [{ at, by: actor, key: word.key, before: valueOf(word.before), after: valueOf(word.after), reason: word.reason }]
    : [];

/** `quantai settings history` */
export const settingsHistory = async (args: GlobalOptions): Promise<void> => {
  const { records } = await (await workspaceAudit(workspaceAt(args.workspace))).readLast();
  const changes = records.flatMap(changeOf).toReversed();
  present(args, { changes }, ({ changes: all }) =>
    all.length === 0
      ? 'No setting was changed by quantai settings; what quantai.config.ts says is yours to follow.'
      : table(
          [{ title: 'When (UTC)' }, { title: 'Who' }, { title: 'Setting' }, { title: 'Before' }, { title: 'After' }, { title: 'Why' }],
          all.map(({ at, by, key, before, after, reason }) => [formatTime(at), by, key, shown(before), shown(after), reason]),
        ),
  );
};
