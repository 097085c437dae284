import { computed, signal } from '@preact/signals';

/** Path and query of the page that is open. */
export const place = signal({ path: location.pathname, query: new URLSearchParams(location.search) });

const read = (): void => {
  place.value = { path: location.pathname, query: new URLSearchParams(location.search) };
};
addEventListener('popstate', read);

/** Goes to another page without loading anything again. `replace` leaves no entry in the history. */
export const goTo = (path: string, query: Readonly<Record<string, string | null>> = {}, replace = false): void => {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== '') asked.set(name, value);
  const text = asked.toString();
  const address = text === '' ? path : `${path}?${text}`;
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  read();
};

/** A word of the page's query, so that a view can be linked and survives a reload; the account is kept over all pages. */
export const queryWord = (name: string) => computed(() => place.value.query.get(name));
