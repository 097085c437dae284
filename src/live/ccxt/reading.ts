/** What a venue said cannot be. `code` is stable, kebab-case. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** Prices and sizes beyond this are no market's. */
const LARGEST = 1e15;

/** The object that this must be. */
export const fieldsOf = (value: unknown, what = 'message'): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadMessage('not-an-object', `${what} is no object`);
  return value as Fields;
};

/** The list that this must be. */
export const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new BadMessage('not-a-list', `${what} is no list`);
  return value;
};

/** A finite number; venues write them as text or as numbers. Empty text is none. */
export const numberIn = (value: unknown, what: string): number => {
  const n = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  if (!Number.isFinite(n)) throw new BadMessage('not-finite', `${what} is ${JSON.stringify(value) ?? 'missing'}`);
  return n;
};

export const finite = (fields: Fields, name: string): number => numberIn(fields[name], name);

/** A price or size above zero. */
export const positiveIn = (value: unknown, what: string): number => {
  const n = numberIn(value, what);
  if (n <= 0 || n > LARGEST) throw new BadMessage(n > 0 ? 'too-large' : 'not-positive', `${what} is ${n}`);
  return n;
};

export const positive = (fields: Fields, name: string): number => positiveIn(fields[name], name);

/** A size that may be zero. */
export const sizeIn = (value: unknown, what: string): number => {
  const n = numberIn(value, what);
  if (n < 0 || n > LARGEST) throw new BadMessage(n < 0 ? 'negative' : 'too-large', `${what} is ${n}`);
  return n;
};

export const size = (fields: Fields, name: string): number => sizeIn(fields[name], name);

/** As `positive`, but null for what venues write where there is none: nothing, an empty text or zero. */
export const positiveOrNull = (fields: Fields, name: string): number | null => {
  const value = fields[name];
  if (value === undefined || value === null || value === '' || Number(value) === 0) return null;
  return positive(fields, name);
};

/** Event time, epoch ms, of a venue that exists: after 2009 and before 2100, whole. Recorded examples with made-up small times pass as well. */
export const timeIn = (value: unknown, what: string): number => {
  const n = numberIn(value, what);
  if (n < 0 || n > 4_102_444_800_000) throw new BadMessage('bad-time', `${what} is ${n}`);
  return Math.floor(n);
};

export const time = (fields: Fields, name: string): number => timeIn(fields[name], name);

/** Text that must be there. */
export const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new BadMessage('not-text', `${name} is ${JSON.stringify(value) ?? 'missing'}`);
  return value;
};

/** Text, empty where the venue has none. */
export const textOrNone = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

/** An id, always as text. A number beyond 2^53 has lost digits already and is refused: `parseVenueJson` keeps those as text. */
export const id = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new BadMessage('bad-id', `${name} is ${JSON.stringify(value) ?? 'missing'}`);
};

/** A yes or no; venues also write it as text. Missing is no. */
export const flag = (fields: Fields, name: string): boolean => {
  const value = fields[name];
  return value === true || value === 'true';
};

/** The word for what the venue says, out of a table. */
export const oneOf = <T>(table: Readonly<Record<string, T>>, fields: Fields, name: string): T => {
  const value = fields[name];
  const found = typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined;
  if (found === undefined) throw new BadMessage('unknown-word', `${name} is ${JSON.stringify(value) ?? 'missing'}`);
  return found;
};

/**
 * JSON of a venue, with whole numbers of 16 digits and more kept as text: a double has not room for them. Only members of objects are looked at, as ids are never in lists.
 */
export const parseVenueJson = (json: string): unknown =>
  JSON.parse(/":\s*-?\d{16}/.test(json) ? json.replace(/("[\w.-]+":\s*)(-?\d{16,})(?=\s*[,}])/g, '$1"$2"') : json);
