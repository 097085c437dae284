import { useEffect } from 'preact/hooks';
import { Login } from './login/login.js';
import { Unreachable } from './login/unreachable.js';
import { Frame } from './shell/frame.js';
import { followLinks } from './shell/follow-links.js';
import { askWho, followLogin, login } from './state/login.js';
import { followStream } from './state/stream.js';

/** The login page, or the frame with the page that the address names. */
export const App = () => {
  useEffect(() => {
    // Whoever comes with a link is to be asked about it, not refused first.
    if (location.hash.startsWith('#once=')) login.value = 'nobody';
    else void askWho();
    const stops = [followStream(), followLogin(), followLinks()];
    return () => stops.forEach(stop => stop());
  }, []);
  if (login.value === 'nobody') return <Login />;
  if (login.value === 'unreachable') return <Unreachable />;
  return login.value === 'in' ? <Frame /> : null;
};
