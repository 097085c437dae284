/** Typed arrays by the name under which a document holds them. */
const KINDS = {
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
} as const;

export type ColumnKind = keyof typeof KINDS;
export type Column = InstanceType<(typeof KINDS)[ColumnKind]>;

/** The kind of a typed array; a Buffer is a Uint8Array, as it is once cloned. Undefined for anything else. */
export const kindOf = (value: object): ColumnKind | undefined => {
  if (!ArrayBuffer.isView(value)) return undefined;
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return name in KINDS ? (name as ColumnKind) : undefined;
};

/** All of a buffer as a typed array, without a copy. Throws a RangeError for a name that is none and for bytes that are no whole number of elements. */
export const columnOver = (kind: string, buffer: ArrayBuffer | SharedArrayBuffer): Column => {
  const make: (new (buffer: ArrayBufferLike) => Column) | undefined = Object.hasOwn(KINDS, kind) ? KINDS[kind as ColumnKind] : undefined;
  if (make === undefined) throw new RangeError(`"${kind}" is no typed array`);
  return new make(buffer);
};

/** The bytes that a typed array shows. */
export const bytesOf = (column: Pick<ArrayBufferView, 'buffer' | 'byteOffset' | 'byteLength'>): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
