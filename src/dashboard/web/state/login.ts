import { batch, effect, signal } from '@preact/signals';
import { call, me, Refusal } from './api.js';
import { goTo, place } from './route.js';
import { accounts } from './stream.js';

/** `asking`: not known yet. `nobody`: the login page. `unreachable`: no server answers; it is asked again. `in`: the pages. */
export const login = signal<'asking' | 'nobody' | 'unreachable' | 'in'>('asking');

const RETRY_MS = 2000;

/** Asks who is logged in, until somebody answers. */
export const askWho = async (): Promise<void> => {
  try {
    const who = await call('me.show');
    // With the accounts known, the stream is opened once and for the right one.
    const list = await call('accounts.list').catch(() => null);
    batch(() => {
      if (list !== null) accounts.value = list.accounts;
      me.value = who;
      login.value = 'in';
      // Nothing is behind the address of a link but the login.
      if (place.peek().path === '/login') goTo('/', {}, true);
    });
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) login.value = 'nobody';
    else {
      login.value = 'unreachable';
      setTimeout(() => void askWho(), RETRY_MS);
    }
  }
};

/** A login that has ended brings the login page over whatever is open; the address stays, so the same page comes back. */
export const followLogin = (): (() => void) =>
  effect(() => {
    if (me.value === null && login.peek() === 'in') login.value = 'nobody';
  });
