import { computed, effect, signal } from '@preact/signals';

type ThemeChoice = 'auto' | 'light' | 'dark';
const KEY = 'quantai-theme';

const read = (): ThemeChoice => {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    // A browser may forbid it; the choice then lasts as long as the page.
    return 'auto';
  }
};

/** What was chosen; `auto` follows the computer. Kept in this browser. */
export const themeChoice = signal<ThemeChoice>(read());
const dark = matchMedia('(prefers-color-scheme: dark)');
const prefersDark = signal(dark.matches);
dark.addEventListener('change', () => (prefersDark.value = dark.matches));

/** The scheme in force. Charts draw in it. */
export const scheme = computed<'light' | 'dark'>(() =>
  themeChoice.value === 'auto' ? (prefersDark.value ? 'dark' : 'light') : themeChoice.value,
);

effect(() => {
  document.documentElement.dataset['theme'] = scheme.value;
});

/** Chooses and keeps. */
export const chooseTheme = (choice: ThemeChoice): void => {
  themeChoice.value = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // As above.
  }
};
