import { bytesOf, columnOver, kindOf } from './column-kinds.js';

/**
 * What jobs share as JSON. Numbers, texts, truth values and null stand for themselves, a plain object for itself (its keys in their order, which code may depend on), and every JSON array is
 * tagged by its first element: `["list", …]`, `["column", kind, part]` and so on. A container that occurs twice is written once; the second time it is `["again", n]`, n counting containers
 * in the order in which they begin.
 */
export type Encoded = null | boolean | number | string | readonly Encoded[] | { readonly [key: string]: Encoded };

/** A part on its way into the lake: bytes, or a strategy's file. */
export type PartSource = { readonly bytes: Uint8Array } | { readonly bundle: string };

/** Typed arrays of this size and more are parts of their own; smaller ones stand in the document. */
export const PART_BYTES = 64 * 1024;

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm, as test runners have them, has another Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const isStrategy = (key: string | null, value: object): value is { readonly bundle: string } =>
  key === 'strategy' && 'bundle' in value && typeof value.bundle === 'string' && Object.keys(value).length === 1;

/** What a value is, for a sentence about why it cannot be sent. */
const nameOf = (value: object | symbol | ((...none: never) => unknown)): string => {
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `of class ${name}` : 'no plain object';
};

/**
 * Encodes a value. `part` is told of each typed array of `PART_BYTES` or more and each strategy's bundle, and gives the number under which the document names it. What structured cloning keeps of plain data survives
 * exactly: NaN, −0, undefined, BigInt, Date, Map, Set, holes in arrays, the same object in two places. Throws a TypeError that says where it stands for a function, a symbol or an object of
 * a class: a worker could not make it again.
 */
export const encodeShared = (root: unknown, part: (source: PartSource) => number): Encoded => {
  const seen = new Map<object, number>();
  const encode = (value: unknown, path: string, key: string | null): Encoded => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', Object.is(value, -0) ? '-0' : String(value)];
      case 'undefined':
        return ['undefined'];
      case 'bigint':
        return ['bigint', String(value)];
      case 'function':
      case 'symbol':
        throw new TypeError(`${path} is ${nameOf(value)}, which cannot be sent to another machine`);
      case 'object':
        return value === null ? null : container(value, path, key);
    }
  };
  const container = (value: object, path: string, key: string | null): Encoded => {
    const known = seen.get(value);
    if (known !== undefined) return ['again', known];
    seen.set(value, seen.size);
    const kind = kindOf(value);
    if (kind !== undefined && ArrayBuffer.isView(value)) {
      const bytes = bytesOf(value);
      if (bytes.length >= PART_BYTES) return ['column', kind, part({ bytes })];
      return ['inline', kind, value.buffer instanceof SharedArrayBuffer, Buffer.from(bytes).toString('base64')];
    }
    if (Array.isArray(value)) {
      const items = Array.from({ length: value.length }, (_, i): Encoded =>
        i in value ? encode(value[i], `${path}[${i}]`, null) : ['hole'],
      );
      return ['list', ...items];
    }
    if (value instanceof Date) return ['date', encode(value.getTime(), path, null)];
    if (value instanceof Map)
      return ['map', ...[...value].flatMap(([k, v], i) => [encode(k, `${path} key ${i}`, null), encode(v, `${path} value ${i}`, null)])];
    if (value instanceof Set) return ['set', ...[...value].map((item, i) => encode(item, `${path} item ${i}`, null))];
    if (!isPlain(value)) throw new TypeError(`${path} is ${nameOf(value)}, which cannot be sent to another machine`);
    if (isStrategy(key, value)) return ['bundle', part({ bundle: value.bundle })];
    const fields = Object.entries(value).map(([name, field]) => [name, encode(field, `${path}.${name}`, name)] as const);
    return Object.fromEntries(fields);
  };
  return encode(root, 'what the jobs share', null);
};

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError('the document is not of this format');
  return value;
};

const define = (object: object, key: string, value: unknown): void => {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
};

/** What stands behind the parts that a document names. */
export interface DecodedParts {
  column(part: number): SharedArrayBuffer;
  /** Path of a strategy's bundle that can be imported here. */
  bundle(part: number): string;
}

/** Makes the value again. Columns are views of the parts' buffers. Throws a TypeError for what `encodeShared` did not write. */
export const decodeShared = (root: unknown, parts: DecodedParts): unknown => {
  const made: unknown[] = [];
  const begun = <T>(value: T): T => {
    made.push(value);
    return value;
  };
  const tagged = ([tag, ...rest]: readonly unknown[]): unknown => {
    switch (tag) {
      case 'number':
        return Number(text(rest[0]));
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(text(rest[0]));
      case 'again':
        if (typeof rest[0] !== 'number' || rest[0] >= made.length) break;
        return made[rest[0]];
      case 'column':
        return begun(columnOver(text(rest[0]), parts.column(Number(rest[1]))));
      case 'inline': {
        const bytes = Buffer.from(text(rest[2]), 'base64');
        const buffer = rest[1] === true ? new SharedArrayBuffer(bytes.length) : new ArrayBuffer(bytes.length);
        new Uint8Array(buffer).set(bytes);
        return begun(columnOver(text(rest[0]), buffer));
      }
      case 'bundle':
        return begun({ bundle: parts.bundle(Number(rest[0])) });
      case 'date':
        return begun(new Date(Number(decode(rest[0]))));
      case 'list': {
        const list = begun<unknown[]>([]);
        list.length = rest.length;
        for (const [i, item] of rest.entries()) if (!(Array.isArray(item) && item[0] === 'hole')) list[i] = decode(item);
        return list;
      }
      case 'map': {
        const map = begun(new Map<unknown, unknown>());
        for (let i = 0; i < rest.length; i += 2) {
          const key = decode(rest[i]);
          map.set(key, decode(rest[i + 1]));
        }
        return map;
      }
      case 'set': {
        const set = begun(new Set<unknown>());
        for (const item of rest) set.add(decode(item));
        return set;
      }
    }
    throw new TypeError('the document is not of this format');
  };
  const decode = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return tagged(value);
    const object = begun({});
    // Defined, not assigned: `__proto__` is a key like any other here.
    for (const [key, field] of Object.entries(value)) define(object, key, decode(field));
    return object;
  };
  return decode(root);
};
