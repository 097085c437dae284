import { effect } from '@preact/signals';
import { toast } from '../parts/toast.js';
import { account } from '../state/stream.js';

/** Says every critical alarm that begins while the page is open, once, and lets it stand until it is closed. Those in force when the page opens, or the account changes, are in the list. */
export const followAlarms = (): (() => void) => {
  let of: string | null = null;
  let known = new Set<string>();
  return effect(() => {
    const it = account.value;
    if (it === null) return;
    const critical = it.alarms.filter(alarm => alarm.critical);
    if (of === it.account) for (const { code, text } of critical) if (!known.has(code)) toast(text, 'alarm');
    of = it.account;
    known = new Set(critical.map(({ code }) => code));
  });
};
