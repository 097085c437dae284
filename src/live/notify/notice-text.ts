import { formatTime } from '../../time.js';
import type { NoticeMessage, NoticeSource } from './notice.js';

const nameOf = ({ account, venue, mode, practice }: NoticeSource): string =>
  `${account}, ${mode} on ${venue}${practice ? ' (PRACTICE)' : ''}`;

const lineOf = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** One line that says whose it is and how bad, for a subject or a headline. No line breaks, which a mail header would obey. */
export const headline = ({ source, level, notices, omitted }: NoticeMessage): string => {
  const [only] = notices;
  const what =
    notices.length === 1 && only !== undefined && omitted === 0
      ? `${only.subject} ${only.state}`
      : `${notices.length + omitted} notices: ${[...new Set(notices.map(({ subject }) => subject))].slice(0, 3).join(', ')}`;
  return lineOf(`[${level.toUpperCase()}] ${nameOf(source)}: ${what}`).slice(0, 200);
};

/** The whole message in plain text, cut to a length that the channel takes. */
export const plainText = (message: NoticeMessage, longest = Infinity): string => {
  const lines = message.notices.map(({ ts, subject, state, text }) => `${formatTime(ts)} ${subject} ${state}: ${lineOf(text)}`);
  if (message.omitted > 0) lines.push(`… and ${message.omitted} more; they are in the log.`);
  const whole = [headline(message), '', ...lines].join('\n');
  return whole.length <= longest ? whole : `${whole.slice(0, longest - 1)}…`;
};
