import { useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { ErrorNote } from '../parts/error-note.js';
import { Panel } from '../parts/panel.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call, me } from '../state/api.js';
import { useAction } from '../state/use-action.js';
import { passwordFault } from './password-fault.js';

/** Sets or changes the password of who is logged in. */
export const PasswordPanel = () => {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const { busy, refused, run } = useAction();
  const who = me.value;
  if (who === null) return null;
  const faults = passwordFault({ current, password, again, hasPassword: who.hasPassword });
  const save = async (): Promise<void> => {
    try {
      await call('me.password', { body: { password, ...(who.hasPassword && { current }) } });
      me.value = me.value === null ? null : { ...me.value, hasPassword: true };
      setTried(false);
      toast('The password is set.');
    } finally {
      setCurrent('');
      setPassword('');
      setAgain('');
    }
  };
  const fault = (field: 'current' | 'password' | 'again'): string | null => (isTried ? (faults[field] ?? null) : null);
  return (
    <Panel
      title="Password"
      note={who.hasPassword ? 'Log in with it where there is no link' : 'None yet: so far only the link of the terminal opens this page'}
    >
      <form
        class="stack narrow"
        onSubmit={event => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(faults).length === 0) void run(save);
        }}
      >
        <input hidden type="text" name="username" autocomplete="username" value={who.name} readOnly />
        {who.hasPassword ? (
          <TextField
            label="Current password"
            type="password"
            autocomplete="current-password"
            value={current}
            error={fault('current')}
            onInput={setCurrent}
          />
        ) : null}
        <TextField
          label="New password"
          type="password"
          autocomplete="new-password"
          hint="10 characters or more"
          value={password}
          error={fault('password')}
          onInput={setPassword}
        />
        <TextField label="Once more" type="password" autocomplete="new-password" value={again} error={fault('again')} onInput={setAgain} />
        {refused === null ? null : <ErrorNote error={refused} />}
        <div class="row">
          <Button type="submit" kind="primary" busy={busy}>
            {who.hasPassword ? 'Change the password' : 'Set the password'}
          </Button>
        </div>
      </form>
    </Panel>
  );
};
