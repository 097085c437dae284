import type { AuditedPlace, AuditRecord } from '../audit/audit-record.js';
import type { OpenAlarm } from './gate-inputs.js';

const isAt = (a: AuditedPlace, b: AuditedPlace): boolean => a.account === b.account && a.venue === b.venue && a.practice === b.practice;

/** Alarms of these accounts that were raised and not cleared since, by code within each place. */
export const openAlarms = (records: readonly AuditRecord[], places: readonly AuditedPlace[]): readonly OpenAlarm[] => {
  const open = new Map<string, OpenAlarm>();
  for (const { word } of records) {
    if (word.type !== 'AlarmChanged') continue;
    const place = places.findIndex(each => isAt(each, word));
    if (place < 0) continue;
    const key = `${place} ${word.code}`;
    if (word.raised) open.set(key, { code: word.code, text: word.text, account: word.account });
    else open.delete(key);
  }
  return [...open.values()];
};
