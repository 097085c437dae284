/** What to do about an alarm, by its code; as in the manual's page on sessions. */
const ADVICE: Readonly<Record<string, string>> = {
  halted: 'Look at the venue. When all is understood, resume with a reason.',
  'strategy-failed': 'Its protective orders stand. Mend it and begin the session again.',
  'live-against-expected': 'See on the Promotion tab which monitor alarmed. What it trades was stepped down.',
  'parity-breach': 'Read the certificate of that day on the Promotion tab. The strategy was demoted.',
  'promotion-ended': 'The Promotion tab says who took it back, and why.',
  'watchdog:hung': 'See that positions have their stops, find the cause in the session log, and begin the session again.',
  'watchdog:dead': 'See that positions have their stops, find the cause in the session log, and begin the session again.',
  'watchdog:woken': 'Was the computer suspended, or short of memory? Then begin the session again.',
  'watchdog:max-loss': 'Nothing trades. Decide in calm.',
  'watchdog:unready': 'The text says why: stream, data age, clock or disk.',
  'watchdog:blind': 'Is the venue reachable, and is the key still good?',
  disk: 'Free space or replace the disk, verify the journal, and begin the session again.',
  fenced: 'Only one session may trade an account: find the other.',
};

/** What to do about an alarm; null where the manual has no advice of its own. */
export const alarmAdvice = (code: string): string | null => ADVICE[code] ?? ADVICE[code.split(':')[0] ?? ''] ?? null;
