import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const place = (name: string): string => fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));

/** Whether the venue's recorded messages are at hand. */
export const HAS_MESSAGES = existsSync(place('exchange-messages/nautilus_binance.json.gz'));

const textOf = (name: string): string => gunzipSync(readFileSync(place(name))).toString('utf8');

/** Single messages by the name of their fixture. */
export const venueMessages = (): Readonly<Record<string, unknown>> => {
  const { messages } = JSON.parse(textOf('exchange-messages/nautilus_binance.json.gz')) as { messages: Record<string, unknown> };
  return messages;
};

/** Payloads of a stream's recording by event name, the first of each. */
export const recordedEvents = (name: string): ReadonlyMap<string, unknown> => {
  const found = new Map<string, unknown>();
  for (const line of textOf(`raw-ws/${name}`).split('\n', 3000)) {
    const start = line.indexOf('{');
    if (start < 0) continue;
    const { data } = JSON.parse(line.slice(start)) as { data?: { e?: string } };
    if (data?.e !== undefined && !found.has(data.e)) found.set(data.e, data);
  }
  return found;
};

/** Bodies of recorded REST answers, each the first at an address that holds the text. */
export const recordedAnswer = (name: string, address: string): unknown => {
  const line = textOf(`raw-ws/${name}`)
    .split('\n')
    .find(each => each.includes(address));
  return line === undefined ? undefined : JSON.parse(line.slice(line.indexOf('{')));
};

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/**
 * How `ours` differs in shape from `theirs`: names missing or of another type, to any depth; the first entry stands for an array. `added` are names that the venue has come to send since the message was recorded, `gone` those
 * that it no longer sends.
 */
export const differences = (
  ours: unknown,
  theirs: unknown,
  { added = [], gone = [] }: { readonly added?: readonly string[]; readonly gone?: readonly string[] } = {},
  at = '',
): readonly string[] => {
  if (typeOf(ours) !== typeOf(theirs)) return [`${at}: ${typeOf(ours)} for ${typeOf(theirs)}`];
  if (Array.isArray(ours) && Array.isArray(theirs))
    return ours.length === 0 || theirs.length === 0 ? [] : differences(ours[0], theirs[0], { added, gone }, `${at}[]`);
  if (typeof ours !== 'object' || ours === null || typeof theirs !== 'object' || theirs === null) return [];
  const mine = new Map(Object.entries(ours));
  const real = new Map(Object.entries(theirs));
  return [
    ...[...real].flatMap(([name, value]) =>
      mine.has(name)
        ? differences(mine.get(name), value, { added, gone }, `${at}.${name}`)
        : gone.includes(name)
          ? []
          : [`${at}.${name} is missing`],
    ),
    ...[...mine.keys()].filter(name => !real.has(name) && !added.includes(name)).map(name => `${at}.${name} is not the venue's`),
  ];
};
