import { useState } from 'preact/hooks';
import type { SettingView } from '../../api/settings-api.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { ErrorNote } from '../parts/error-note.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call } from '../state/api.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { useAction } from '../state/use-action.js';
import { settingInput, shownText, typedValue } from './setting-input.js';
import { ValueField } from './value-field.js';

const short = (setting: SettingView, value: unknown): string => {
  const text = shownText(settingInput(setting.schema), value).replace(/\s+/g, ' ');
  return text === '' ? 'not set' : text;
};

const Editor = ({
  setting,
  onClose,
  onChanged,
}: {
  readonly setting: SettingView;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) => {
  const input = settingInput(setting.schema);
  const [text, setText] = useState(shownText(input, setting.value));
  const [reason, setReason] = useState('');
  const { busy, refused, run } = useAction();
  const typed = typedValue(input, text);
  const save = (value: unknown): Promise<void> =>
    run(async () => {
      const answer = await call('settings.set', { body: { key: setting.key, value, reason } });
      toast(`${setting.key} is ${short(answer.setting, answer.setting.value)}.`);
      onChanged();
    }, onClose);
  return (
    <form
      class="setting-editor stack"
      onSubmit={event => {
        event.preventDefault();
        if (typed.fault === null) void save(typed.value);
      }}
    >
      <div class="fields">
        <ValueField input={input} text={text} error={typed.fault} onInput={setText} />
        <TextField label="Reason" value={reason} hint="Goes into the audit log" onInput={setReason} />
      </div>
      {refused === null ? null : <ErrorNote error={refused} />}
      <div class="row">
        <Button type="submit" kind="primary" small busy={busy} disabled={typed.fault !== null}>
          Save
        </Button>
        <Button
          small
          busy={busy}
          disabled={setting.source === 'default'}
          title={setting.source === 'default' ? 'It is the default' : undefined}
          onClick={() => void save(null)}
        >
          Back to the default: {short(setting, setting.default)}
        </Button>
        <Button small kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
};

/** One setting: what it means, what is in force and where that is from, and a form to change it. */
export const SettingLine = ({ setting, onChanged }: { readonly setting: SettingView; readonly onChanged: () => void }) => {
  const [isOpen, setOpen] = useState(false);
  const isMine = hasRole('operator');
  const why = !setting.editable ? 'Only quantai.config.ts can change it.' : (lacksRole('operator') ?? undefined);
  return (
    <li class="setting">
      <div class="setting-line">
        <div class="setting-words">
          <code>{setting.key}</code>
          {setting.text === '' ? null : <p class="muted">{setting.text}</p>}
        </div>
        <span class="setting-value mono ellipsis" title={short(setting, setting.value)}>
          {short(setting, setting.value)}
        </span>
        <span class="setting-source">
          <Badge tone={setting.source === 'default' ? 'neutral' : 'accent'}>{setting.source}</Badge>
        </span>
        <Button
          small
          disabled={!setting.editable || !isMine}
          title={why}
          pressed={isOpen}
          label={`Change ${setting.key}`}
          onClick={() => setOpen(!isOpen)}
        >
          Change
        </Button>
      </div>
      {isOpen ? <Editor setting={setting} onClose={() => setOpen(false)} onChanged={onChanged} /> : null}
    </li>
  );
};
