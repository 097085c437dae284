import { signal } from '@preact/signals';
import type { Tone } from './tone.js';

const said = signal<readonly { readonly id: number; readonly text: string; readonly tone: Tone }[]>([]);
let last = 0;
const away = (id: number): void => {
  said.value = said.value.filter(one => one.id !== id);
};

/** Says something at the edge of the page for a while; screen readers read it out. Alarms stay until they are closed. */
export const toast = (text: string, tone: Tone = 'neutral'): void => {
  const id = ++last;
  said.value = [...said.value.slice(-3), { id, text, tone }];
  if (tone !== 'alarm') setTimeout(() => away(id), 7000);
};

/** Where toasts appear; once, in the frame of the pages. */
export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {said.value.map(({ id, text, tone }) => (
      <div key={id} class={`toast toast-${tone}`}>
        <p>{text}</p>
        <button type="button" class="button button-quiet close" aria-label="Close" onClick={() => away(id)}>
          ×
        </button>
      </div>
    ))}
  </div>
);
