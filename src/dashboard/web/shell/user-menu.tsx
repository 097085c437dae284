import { Button } from '../parts/button.js';
import { toast } from '../parts/toast.js';
import { call, me, refusalOf } from '../state/api.js';
import { login } from '../state/login.js';
import { addressOf } from '../state/route.js';
import { chooseTheme, themeChoice } from '../state/theme.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';
import { askShortcuts } from './shortcuts.js';

const logOut = async (): Promise<void> => {
  try {
    await call('me.logout', { body: {} });
  } catch (error) {
    toast(refusalOf(error).message, 'warn');
    return;
  }
  me.value = null;
  login.value = 'nobody';
};

/** Who is logged in, the theme, and the way out. */
export const UserMenu = () => (
  <Menu label={`${me.value?.name ?? ''}: theme, password, log out`} sign={<Icon name="person" />}>
    {close => (
      <>
        <div>
          <h3>{me.value?.name}</h3>
          <p class="muted">{me.value?.roles.join(', ')}</p>
        </div>
        <div class="segments" role="group" aria-label="Theme">
          {(['auto', 'light', 'dark'] as const).map(choice => (
            <button key={choice} type="button" aria-pressed={themeChoice.value === choice} onClick={() => chooseTheme(choice)}>
              {choice[0]!.toUpperCase() + choice.slice(1)}
            </button>
          ))}
        </div>
        <a class="button" href={addressOf('/settings', { part: 'access' })} onClick={close}>
          Password and tokens
        </a>
        <Button
          onClick={() => {
            close();
            askShortcuts();
          }}
        >
          Keyboard shortcuts
        </Button>
        <Button onClick={() => void logOut()}>Log out</Button>
      </>
    )}
  </Menu>
);
