import type { AuditWord } from '../../promotion/audit/audit-record.js';
import { MINUTE } from '../../time.js';

/** So long others are counted before the next is recorded: a log that grew by every guess would be an attack by itself. */
const QUIET_MS = MINUTE;

/**
 * Records logins that were refused: one at once, and those of the next minute with the one after it, by their number. A name is recorded only where it is one of ours, for people type their password into the wrong
 * field too.
 */
export const deniedLogins = (now: () => number, record: (word: AuditWord) => void): ((name: string | null, code: string) => void) => {
  const lately = new Map<string, { at: number; more: number }>();
  return (name, code) => {
    const key = `${name ?? ''} ${code}`;
    const before = lately.get(key);
    if (before !== undefined && now() - before.at < QUIET_MS) {
      before.more++;
      return;
    }
    const more = before === undefined || before.more === 0 ? '' : `; ${before.more} more since the last that is recorded`;
    lately.set(key, { at: now(), more: 0 });
    record({ type: 'CommandDenied', verb: 'dashboard login', code, text: `${name ?? 'a name that has no password here'}${more}` });
  };
};
