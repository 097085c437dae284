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
  if (key === 'column') return Number.isInteger(item);
  return key in COLUMNS && typeof item === 'string';
};

const columnName = (column: ArrayBufferView): ColumnName => {
  const name = COLUMN_NAMES.find(one => column instanceof COLUMNS[one]);
  if (name === undefined) throw new TypeError(`a ${column.constructor.name} has no exact JSON`);
  return name;
};

const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** Columns that are in a text so far: their number, and where each stands among them by its kind and bytes. */
interface Written {
  count: number;
  readonly places: Map<string, number>;
}

/** Columns that take up no more are written again, base64 digits. */
const SHORT = 32;

/** A column that is in the text already, such as the days of returns, which many configurations have in common, is named by its place there. */
const columnMark = (column: ArrayBufferView, written: Written): unknown => {
  const name = columnName(column);
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64');
  const key = `${name} ${bytes}`;
  const known = bytes.length <= SHORT ? undefined : written.places.get(key);
  if (known !== undefined) return { column: known };
  written.places.set(key, written.count++);
  return { [name]: bytes };
};

/** What JSON.stringify is given for a value. `path` names it in an error. */
const marked = (value: unknown, path: string, written: Written): unknown => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return isOdd(value) ? { number: numberText(value) } : value;
  if (typeof value !== 'object')
    throw new TypeError(`${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which has no exact JSON`);
  if (ArrayBuffer.isView(value)) return columnMark(value, written);
  // Not `map`, which passes over holes.
  if (Array.isArray(value)) return Array.from(value, (item, i) => marked(item, `${path}[${i}]`, written));
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of plain objects has none itself, in whichever context they were made.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError(`${path} is a ${value.constructor.name}, which has no exact JSON`);
  const fields = Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, marked(item, `${path}.${key}`, written)]])),
  );
  return isMark(fields) ? { plain: fields } : fields;
};

type Column = InstanceType<(typeof COLUMNS)[ColumnName]>;

const restored = (value: unknown, columns: Column[]): unknown => {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) value[i] = restored(item, columns);
    return value;
  }
  if (!isRecord(value)) return value;
  if (!isMark(value)) return restoreFields(value, columns);
  const [[key, item]] = Object.entries(value) as [[string, unknown]];
  if (key === 'plain') return restoreFields(item as Record<string, unknown>, columns);
  if (key === 'number') return ODD_NUMBERS.get(item);
  if (key === 'column') {
    const known = columns[item as number];
    if (known === undefined) throw new SyntaxError(`the text names column ${String(item)} before it comes`);
    return known.slice();
  }
  // A copy, because short buffers lie in a pool at any offset and a column must begin where its items fit.
  const column = new COLUMNS[key as ColumnName](new Uint8Array(Buffer.from(item as string, 'base64')).buffer);
  columns.push(column);
  return column;
};

const restoreFields = (record: Record<string, unknown>, columns: Column[]): unknown => {
  for (const [key, item] of Object.entries(record)) record[key] = restored(item, columns);
  return record;
};

/**
 * A value as JSON from which `decodeExact` makes the same again, bit for bit, in another process or on another machine. Typed arrays are written as base64 of their bytes under the name
 * of their kind, `{"float64":"…"}`, a third of the size of decimals; NaN, both infinities and minus zero as `{"number":"NaN"}`; an object that happens to look like one of these as
 * `{"plain":{…}}`; a long column that came before as `{"column":n}`, n columns having come before it, counted from the text's beginning. As in JSON, properties that are undefined are left out. Throws a TypeError that names the place for what could not be the same again: functions, symbols, bigints, undefined in an
 * array, and objects that are instances of a class.
 */
export const encodeExact = (value: unknown): string => JSON.stringify(marked(value, 'the value', { count: 0, places: new Map() }));

/** The value behind such a text. Typed arrays have buffers of their own, never shared ones, also where the text names one several times. Throws a SyntaxError for a text that is not whole. */
export const decodeExact = (text: string): unknown => restored(JSON.parse(text), []);
