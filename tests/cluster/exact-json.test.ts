import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeExact, encodeExact } from '../../src/cluster/exact-json.js';

const there = (value: unknown): unknown => decodeExact(encodeExact(value));

test('numbers that JSON loses come back as they were', () => {
  const values = [NaN, Infinity, -Infinity, -0, 0, 5e-324, Number.MAX_VALUE, 0.1 + 0.2];
  expect((there(values) as number[]).every((value, i) => Object.is(value, values[i]))).toBe(true);
});

test('typed arrays come back with their kind and their bits, also from a part of a shared buffer', () => {
  const columns = [
    new Float64Array(new SharedArrayBuffer(32), 8, 2).fill(-0),
    Float64Array.of(NaN, 1e-300),
    Float32Array.of(0.1),
    Int32Array.of(-1, 2),
    Uint32Array.of(4_294_967_295),
    Int16Array.of(-3),
    Uint16Array.of(3),
    Int8Array.of(-1),
    new Uint8Array([1, 2, 3]).subarray(1),
    BigInt64Array.of(-1n),
    BigUint64Array.of(1n),
    new Float64Array(),
  ];
  const back = there(columns) as typeof columns;
  for (const [i, column] of columns.entries()) {
    expect(back[i]!.constructor).toBe(column.constructor);
    expect(Buffer.from(back[i]!.buffer)).toEqual(Buffer.from(column.buffer, column.byteOffset, column.byteLength));
  }
});

test('a column that is there several times is written once, and comes back as columns of their own', () => {
  const days = Float64Array.from({ length: 1000 }, (_, i) => i * 86_400_000);
  const value = [
    days,
    days.slice(),
    { again: days.subarray(0), bits: new BigInt64Array(days.buffer.slice(0)), plain: days },
    { column: 0 },
  ];
  const text = encodeExact(value);
  expect(text.length).toBeLessThan(2.2 * 8000 * (4 / 3));
  const back = decodeExact(text) as typeof value;
  expect(back).toEqual(value);
  (back[0] as Float64Array)[0] = 7;
  expect((back[1] as Float64Array)[0]).toBe(0);
  // Written again it is the same text, whichever of them are one object in memory.
  expect(encodeExact(decodeExact(text))).toBe(text);
});

test('a column that is named before it comes is not made up', () => {
  expect(() => decodeExact('[{"column":0},{"float64":"AAAAAAAA8D8="}]')).toThrow(SyntaxError);
  expect(() => decodeExact('[{"column":-1}]')).toThrow(SyntaxError);
});

test('objects that look like the marks of the code stay what they are', () => {
  const values = [
    { float64: 'AAAA' },
    { float64: Float64Array.of(1) },
    { number: 'NaN' },
    { number: NaN },
    { number: 'one' },
    { plain: { float64: 'AAAA' } },
    { plain: Float64Array.of(1) },
    { plain: { plain: { number: '-0' } } },
    { plain: 'text' },
    { uint8: 3 },
    { column: 0 },
    { column: 0.5 },
    { column: '0' },
    { plain: { column: 1 } },
    JSON.parse('{"__proto__": {"number": "NaN"}}'),
  ];
  for (const value of values) expect(there(value)).toEqual(value);
});

test('any plain data comes back equal', () => {
  const leaf = fc.oneof(
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array({ maxLength: 4 }),
    fc.constantFrom(0, 1, 5).map(first => Float64Array.of(first, 2, 3, 4, 5)),
    fc.constantFrom(0, 1),
    fc.constantFrom('NaN', '-0', 'AAAA'),
  );
  const { data } = fc.letrec(tie => ({
    data: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('data'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('float64', 'number', 'column', 'plain', 'a', 'b'), tie('data'), { maxKeys: 2, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(data, value => {
      expect(there(value)).toStrictEqual(value);
    }),
  );
});

test('undefined properties are left out, as JSON does', () => {
  expect(encodeExact({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test('what could not be the same again is refused by its place', () => {
  expect(() => encodeExact({ a: [1, undefined] })).toThrow('the value.a[1] is undefined');
  expect(() => encodeExact({ f: () => 1 })).toThrow('the value.f is a function');
  expect(() => encodeExact({ when: new Date(0) })).toThrow('the value.when is a Date');
  expect(() => encodeExact([new Map()])).toThrow('the value[0] is a Map');
  expect(() => encodeExact(1n)).toThrow('the value is a bigint');
  expect(() => encodeExact(new DataView(new ArrayBuffer(1)))).toThrow('DataView');
});

test('text of an earlier release, with columns of doubles alone, is read', () => {
  expect(decodeExact('{"hash":"x","result":[{"returns":{"float64":"AAAAAAAA8D8="},"sharpe":null}]}')).toEqual({
    hash: 'x',
    result: [{ returns: Float64Array.of(1), sharpe: null }],
  });
});
