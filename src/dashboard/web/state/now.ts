import { signal } from '@preact/signals';

/** This computer's clock, epoch ms, once a second. Only for what counts down or grows old in sight; market time comes with the account. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
