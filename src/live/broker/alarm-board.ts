import type { AccountWord } from '../word.js';

type AlarmWord = Extract<AccountWord, { type: 'AlarmRaised' | 'AlarmCleared' }>;

/** Alarms of the account: raised once, cleared when their cause has been gone for a while. */
export interface AlarmBoard {
  /** Tell how things stand; the words to be said, if any. */
  watch(code: string, isUp: boolean, text: string, severity: 'warning' | 'critical'): AlarmWord[];
  /** Words for alarms whose cause has been gone for `calmMs`. */
  settle(): AlarmWord[];
}

/** `raised`: those that the journal has up already. */
export const alarmBoard = (calmMs: number, raised: Iterable<string>, monotonic: () => number, market: () => number): AlarmBoard => {
  // Since when the cause of an alarm that is up has been gone; Infinity while it is there.
  const calmSince = new Map<string, number>();
  for (const code of raised) calmSince.set(code, monotonic());
  return {
    watch: (code, isUp, text, severity) => {
      const since = calmSince.get(code);
      if (!isUp) {
        if (since === Infinity) calmSince.set(code, monotonic());
        return [];
      }
      calmSince.set(code, Infinity);
      return since === undefined ? [{ type: 'AlarmRaised', ts: market(), code, text, severity }] : [];
    },
    settle: () => {
      const words: AlarmWord[] = [];
      for (const [code, since] of calmSince)
        if (monotonic() - since >= calmMs) {
          calmSince.delete(code);
          words.push({ type: 'AlarmCleared', ts: market(), code });
        }
      return words;
    },
  };
};
