/** Columns by the name that marks them. Bytes are little-endian, as on every machine that Node runs on. */
const COLUMNS = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bigint64: BigInt64Array,
  biguint64: BigUint64Array,
} as const;

type ColumnName = keyof typeof COLUMNS;

const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
/** Numbers that JSON has no text for, or another one. */
const ODD_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an object of JSON stands for something else than itself. */
const isMark = (value: unknown): value is Record<string, unknown> => {
  if (!isRecord(value)) return false;
  const [key, ...more] = Object.keys(value);
  if (key === undefined || more.length > 0) return false;
  const item = value[key];
  if (key === 'plain') return isMark(item);
  if (key === 'number') return ODD_NUMBERS.has(item);
  return key in COLUMNS && typeof item === 'string';
};

const columnName = (column: ArrayBufferView): ColumnName => {
  const name = COLUMN_NAMES.find(one => column instanceof COLUMNS[one]);
  if (name === undefined) throw new TypeError(`a ${column.constructor.name} has no exact JSON`);
  return name;
};

const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** What JSON.stringify is given for a value. `path` names it in an error. */
const marked = (value: unknown, path: string): unknown => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return isOdd(value) ? { number: numberText(value) } : value;
  if (typeof value !== 'object')
    throw new TypeError(`${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which has no exact JSON`);
  if (ArrayBuffer.isView(value))
    return { [columnName(value)]: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  // Not `map`, which passes over holes.
  if (Array.isArray(value)) return Array.from(value, (item, i) => marked(item, `${path}[${i}]`));
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of plain objects has none itself, in whichever context they were made.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError(`${path} is a ${value.constructor.name}, which has no exact JSON`);
  const fields = Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, marked(item, `${path}.${key}`)]])),
  );
  return isMark(fields) ? { plain: fields } : fields;
};

const restored = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) value[i] = restored(item);
    return value;
  }
  if (!isRecord(value)) return value;
  if (!isMark(value)) return restoreFields(value);
  const [[key, item]] = Object.entries(value) as [[string, unknown]];
  if (key === 'plain') return restoreFields(item as Record<string, unknown>);
  if (key === 'number') return ODD_NUMBERS.get(item);
  // A copy, because short buffers lie in a pool at any offset and a column must begin where its items fit.
  return new COLUMNS[key as ColumnName](new Uint8Array(Buffer.from(item as string, 'base64')).buffer);
};

const restoreFields = (record: Record<string, unknown>): unknown => {
  for (const [key, item] of Object.entries(record)) record[key] = restored(item);
  return record;
};

/**
 * A value as JSON from which `decodeExact` makes the same again, bit for bit, in another process or on another machine. Typed arrays are written as base64 of their bytes under the name
 * of their kind, `{"float64":"…"}`, a third of the size of decimals; NaN, both infinities and minus zero as `{"number":"NaN"}`; an object that happens to look like one of these as
 * `{"plain":{…}}`. As in JSON, properties that are undefined are left out. Throws a TypeError that names the place for what could not be the same again: functions, symbols, bigints, undefined in an
 * array, and objects that are instances of a class.
 */
export const encodeExact = (value: unknown): string => JSON.stringify(marked(value, 'the value'));

/** The value behind such a text. Typed arrays have buffers of their own, never shared ones. Throws a SyntaxError for a text that is not whole. */
export const decodeExact = (text: string): unknown => restored(JSON.parse(text));
