import { useState } from 'preact/hooks';
import { Answered } from '../parts/answered.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Panel } from '../parts/panel.js';
import { SwitchField } from '../parts/switch-field.js';
import { TextField } from '../parts/text-field.js';
import { Toolbar } from '../parts/toolbar.js';
import { useAnswer } from '../state/answer.js';
import { settingGroups } from './setting-groups.js';
import { SettingLine } from './setting-line.js';

/** Every setting of the workspace by its group. */
export const SettingsPanel = () => {
  const answer = useAnswer('settings.list', {});
  const [text, setText] = useState('');
  const [changedOnly, setChangedOnly] = useState(false);
  return (
    <div class="stack">
      <Toolbar label="Find settings">
        <TextField label="Search settings" type="search" placeholder="fees, ramp, drawdown …" value={text} onInput={setText} />
        <SwitchField label="Only what is not the default" on={changedOnly} onChange={setChangedOnly} />
      </Toolbar>
      <Answered answer={answer} rows={10}>
        {({ settings }) => {
          const groups = settingGroups(settings, { text, changedOnly });
          if (groups.length === 0)
            return (
              <Panel title="Settings">
                <EmptyNote title="No setting is like that" />
              </Panel>
            );
          return (
            <div class="stack">
              {groups.map(({ name, settings: of }) => (
                <Panel key={name} title={`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`} note={`${of.length}`} flush>
                  <ul class="settings">
                    {of.map(setting => (
                      <SettingLine key={setting.key} setting={setting} onChanged={answer.refresh} />
                    ))}
                  </ul>
                </Panel>
              ))}
            </div>
          );
        }}
      </Answered>
    </div>
  );
};
