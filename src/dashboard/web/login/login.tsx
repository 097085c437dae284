import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { ErrorNote } from '../parts/error-note.js';
import type { Refused } from '../parts/refused.js';
import { TextField } from '../parts/text-field.js';
import { call, refusalOf } from '../state/api.js';
import { askWho } from '../state/login.js';
import { FirstPassword } from './first-password.js';

/** The word of a one-time link, taken out of the address so that it stays neither there nor in the history. */
const takeLink = (): string | null => {
  const token = new URLSearchParams(location.hash.slice(1)).get('once');
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
};

/** Name and password, or the link that the terminal printed. After it comes the page that was asked for. */
export const Login = () => {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [isNew, setIsNew] = useState<{ readonly name: string; readonly csrf: string } | null>(null);
  const redeem = async (token: string): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      const who = await call('me.redeem', { body: { token } });
      if (who.hasPassword) await askWho();
      else setIsNew(who);
    } catch (error) {
      setRefused(refusalOf(error));
      // Whoever is logged in already has no need of the link.
      await askWho();
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    document.title = 'Log in · QuantAI-Trad';
    const look = (): void => {
      const token = takeLink();
      if (token !== null) void redeem(token);
    };
    look();
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  const logIn = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      await call('me.login', { body: { name: name.trim(), password } });
      await askWho();
    } catch (error) {
      setRefused(refusalOf(error));
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  if (isNew !== null) return <FirstPassword who={isNew} onDone={() => void askWho()} />;
  return (
    <div class="gate">
      <main class="gate-box">
        <div class="brand">
          <img src="/icon.svg" alt="" width={22} height={22} />
          QuantAI-Trad
        </div>
        <h1>Log in</h1>
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            if (!busy) void logIn();
          }}
        >
          <TextField label="Name" name="username" value={name} onInput={setName} autocomplete="username" required />
          <TextField
            label="Password"
            name="password"
            type="password"
            value={password}
            onInput={setPassword}
            autocomplete="current-password"
            required
          />
          {refused === null ? null : <ErrorNote error={refused} />}
          <Button kind="primary" type="submit" busy={busy}>
            Log in
          </Button>
        </form>
        <p class="muted">No password yet, or forgotten? Starting quantai dashboard prints a link on the terminal that works once.</p>
      </main>
    </div>
  );
};
