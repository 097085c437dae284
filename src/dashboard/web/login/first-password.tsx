import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { ErrorNote } from '../parts/error-note.js';
import { TextField } from '../parts/text-field.js';
import { call, me } from '../state/api.js';
import { useAction } from '../state/use-action.js';

const LEAST = 10;

/** After the one-time link: a password for the next time, or on without one. */
export const FirstPassword = ({ who, onDone }: { readonly who: { readonly name: string }; readonly onDone: () => void }) => {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const { busy, refused, run } = useAction();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const differs = again !== '' && again !== password;
  const save = async (): Promise<void> => {
    // The write needs the token of this login, which `me` carries.
    me.value = await call('me.show');
    await call('me.password', { body: { password } });
  };
  return (
    <div class="gate">
      <main class="gate-box">
        <h1>Welcome, {who.name}</h1>
        <p class="muted">Set a password for the next time. Without one you need a new link from the terminal.</p>
        <form
          ref={form}
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            if (password.length >= LEAST && again === password) void run(save, onDone);
          }}
        >
          <TextField
            label="Password"
            type="password"
            value={password}
            onInput={setPassword}
            autocomplete="new-password"
            hint={`At least ${LEAST} characters.`}
          />
          <TextField
            label="The same again"
            type="password"
            value={again}
            onInput={setAgain}
            autocomplete="new-password"
            error={differs ? 'The two differ.' : null}
          />
          {refused === null ? null : <ErrorNote error={refused} />}
          <div class="row">
            <Button kind="primary" type="submit" busy={busy} disabled={password.length < LEAST || again !== password}>
              Set password
            </Button>
            <Button kind="quiet" onClick={onDone}>
              Later
            </Button>
          </div>
        </form>
      </main>
    </div>
  );
};
