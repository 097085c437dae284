import { HIDDEN, type Secret } from './secret.js';

/** Takes secrets out of whatever is about to be written or shown: logs, errors, facts, answers. */
export interface Redactor {
  /** Hides another secret from now on. */
  add(secret: Secret): void;
  /** The text without known secrets, in any of their spellings, and without what stands behind the name of a secret field. */
  text(text: string): string;
  /** A copy of a value, in which every text is such a text and every secret field is hidden: also of errors with what caused them. */
  value(value: unknown): unknown;
}

/** Fields and headers whose values are secret whatever they hold, in lower case. */
const FIELDS = [
  'apikey',
  'api_key',
  'api-key',
  'secret',
  'apisecret',
  'api_secret',
  'password',
  'passphrase',
  'privatekey',
  'private_key',
  'signature',
  'listenkey',
  'authorization',
  'cookie',
  'set-cookie',
  'x-mbx-apikey',
  'x-bapi-api-key',
  'x-bapi-sign',
  'ok-access-key',
  'ok-access-sign',
  'ok-access-passphrase',
];
const SECRET_FIELDS: ReadonlySet<string> = new Set(FIELDS);

/** `name=value`, `name: value`, `"name": "value"`. A value ends where a query, a list or a line does. */
const NAMED = new RegExp(`(?<![\\w-])((?:${FIELDS.join('|')})\\\\?["']?\\s*[=:]\\s*(?:Bearer |Basic )?\\\\?["']?)[^\\s"'&,;}\\\\]+`, 'gi');

/** Cookies go on behind a semicolon. */
const COOKIES = /(cookie\s*:\s*)[^\r\n]+/gi;

/** Shorter values are words of the language: hiding them would tell more than it hides. */
const SHORTEST = 5;

/** Base64 of a text that stands somewhere in a longer one: the characters that do not depend on its neighbours, for each of the three ways in which it can lie. */
const insideBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map(before => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const end = ((before + bytes.length) * 8) % 6 === 0 ? encoded.length : encoded.length - 1;
    return encoded.slice(Math.ceil((before * 8) / 6), end);
  });

/** The spellings in which a value may leave the process. */
const spellings = (value: string): string[] => {
  const bytes = Buffer.from(value);
  const base64 = insideBase64(bytes);
  const hex = bytes.toString('hex');
  const query = encodeURIComponent(value);
  const found = [
    value,
    JSON.stringify(value).slice(1, -1),
    query,
    query.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
    query.replaceAll('%20', '+'),
    ...base64,
    ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map(encodeURIComponent),
    hex,
    hex.toUpperCase(),
  ];
  return found.filter(text => text.length >= SHORTEST);
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

export const redactor = (secrets: readonly Secret[] = []): Redactor => {
  const known = new Set<string>();
  let pattern: RegExp | null = null;
  const add = (secret: Secret): void => {
    for (const spelling of spellings(secret.reveal())) known.add(spelling);
    // The longest first: a spelling may contain another.
    const all = [...known].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    pattern = all.length === 0 ? null : new RegExp(all.map(escaped).join('|'), 'g');
  };
  for (const secret of secrets) add(secret);

  const text = (given: string): string =>
    (pattern === null ? given : given.replace(pattern, HIDDEN)).replace(NAMED, `$1${HIDDEN}`).replace(COOKIES, `$1${HIDDEN}`);

  const copy = (given: unknown, above: readonly object[]): unknown => {
    if (typeof given === 'string') return text(given);
    if (typeof given !== 'object' || given === null)
      return typeof given === 'function' || typeof given === 'symbol' ? text(String(given)) : given;
    if (above.includes(given)) return '[circular]';
    const path = [...above, given];
    if (Array.isArray(given)) return given.map(item => copy(item, path));
    if (given instanceof Set) return [...given].map(item => copy(item, path));
    if (ArrayBuffer.isView(given)) return `[${given.byteLength} bytes]`;
    if ('toJSON' in given && typeof given.toJSON === 'function') return copy(given.toJSON(), path);
    const named: Iterable<readonly [unknown, unknown]> =
      given instanceof Map
        ? given
        : given instanceof Error
          ? Object.entries({ ...given, name: given.name, message: given.message, stack: given.stack, cause: given.cause })
          : Object.entries(given);
    const fields: Record<string, unknown> = {};
    for (const [name, item] of named) {
      if (item === undefined) continue;
      const field = String(name);
      fields[text(field)] = SECRET_FIELDS.has(field.toLowerCase()) ? HIDDEN : copy(item, path);
    }
    return fields;
  };

  return { add, text, value: given => copy(given, []) };
};
