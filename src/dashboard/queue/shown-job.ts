import type { JobContent } from '../../cluster/queue/job-content.js';

const LONGEST_TEXT = 80;
const MOST_ITEMS = 12;
const DEEPEST = 6;
/** Longer than this a payload is not even read: boards ask every few seconds. */
const LONGEST_READ = 100_000;

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most / 2)}… (${text.length.toLocaleString('en-US')} characters)`;

/** A value with its long texts, such as columns in base64, and its long lists cut. */
export const shortened = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return cut(value, LONGEST_TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_ITEMS).map(each => shortened(each, depth + 1));
    return value.length > MOST_ITEMS ? [...shown, `… ${value.length - MOST_ITEMS} more`] : shown;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each, depth + 1)]));
};

const payloadOf = (text: string): unknown => {
  if (text.length > LONGEST_READ) return cut(text, 400);
  try {
    const read: unknown = JSON.parse(text);
    return shortened(typeof read === 'object' && read !== null && 'payload' in read ? read.payload : read);
  } catch {
    return cut(text, 400);
  }
};

/** What a board shows of a job's content. The address of its lake stays here: it may hold a key. */
export const shownJob = ({ name, run, handler, payload, shared, children, audit }: JobContent): Readonly<Record<string, unknown>> => ({
  name,
  run,
  handler,
  payload: payloadOf(payload),
  ...(shared !== null && { shared: shortened(shared) }),
  ...(children !== null && { waitsFor: children.length }),
  ...(audit !== null && { again: audit }),
});
