import { goTo, place } from '../state/route.js';

type Words = Readonly<Record<string, string | null>>;

/** Address of a page with words of its own; the account that the reader looks at comes along. */
export const addressOf = (path: string, words: Words = {}): string => {
  const asked = new URLSearchParams();
  const account = place.value.query.get('account');
  if (account !== null) asked.set('account', account);
  for (const [name, value] of Object.entries(words)) if (value !== null && value !== '') asked.set(name, value);
  const text = asked.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** Goes there. `replace` leaves no entry in the history. */
export const openPage = (path: string, words: Words = {}, replace = false): void =>
  goTo(path, { account: place.value.query.get('account'), ...words }, replace);
