import { computed, signal } from '@preact/signals';

/** Path and query of the page that is open. */
export const place = signal({ path: location.pathname, query: new URLSearchParams(location.search) });

const read = (): void => {
  place.value = { path: location.pathname, query: new URLSearchParams(location.search) };
};
addEventListener('popstate', read);

/** Address of a page, for `href`. The account that is looked at stays, unless the query names another. */
export const addressOf = (path: string, query: Readonly<Record<string, string | null>> = {}): string => {
  const asked = new URLSearchParams();
  const account = place.value.query.get('account');
  for (const [name, value] of Object.entries({ account, ...query })) if (value !== null && value !== '') asked.set(name, value);
  const text = asked.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** Goes to another page without loading anything again. `replace` leaves no entry in the history. */
export const goTo = (path: string, query: Readonly<Record<string, string | null>> = {}, replace = false): void => {
  const address = addressOf(path, query);
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  read();
};

/** Changes words of this page's query and keeps the others; null takes one away. */
export const setQuery = (words: Readonly<Record<string, string | null>>, replace = true): void =>
  goTo(place.value.path, { ...Object.fromEntries(place.value.query), ...words }, replace);

/** A word of the page's query, so that a view can be linked and survives a reload; the account is kept over all pages. */
export const queryWord = (name: string) => computed(() => place.value.query.get(name));
