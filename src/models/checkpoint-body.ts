import { badData, usageError } from '../errors.js';
import type { ClassMoments } from './class-moments.js';
import { OUTCOMES } from './forecast.js';
import type { Checkpoint, Json } from './forecaster.js';

type Body = Checkpoint['body'];

const bad = (key: string, wanted: string): Error =>
  badData('bad-checkpoint', `The checkpoint's "${key}" is not ${wanted}.`, 'Train the model anew.');

/** The number under a key of a checkpoint's body. Throws bad data when there is none; so do all readers here. */
export const numberAt = (body: Body, key: string): number => {
  const value = body[key];
  if (typeof value !== 'number') throw bad(key, 'a number');
  return value;
};

const numbersIn = (value: Json | undefined, key: string, length: number): Float64Array => {
  if (!Array.isArray(value) || value.length !== length || !value.every(x => typeof x === 'number')) throw bad(key, `${length} numbers`);
  return Float64Array.from(value as number[]);
};

/** So many numbers under a key. */
export const numbersAt = (body: Body, key: string, length: number): Float64Array => numbersIn(body[key], key, length);

/** Class moments as JSON under a key. */
export const momentsAt = (body: Body, key: string): ClassMoments => {
  const value = body[key];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(key, 'class moments');
  const fields = value as Body;
  const read = (name: string): number[] => [...numbersIn(fields[name], `${key}.${name}`, OUTCOMES)];
  return { prior: read('prior'), mean: read('mean'), sd: read('sd') };
};

/** Float32 numbers as text: base64 of their little-endian bytes, exact and a third of the size of decimals. */
export const packFloats = (values: Float32Array): string => {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) bytes.setFloat32(i * 4, values[i]!, true);
  return Buffer.from(bytes.buffer).toString('base64');
};

/** So many numbers under a key, as `packFloats` wrote them. */
export const floatsAt = (body: Body, key: string, length: number): Float32Array => {
  const value = body[key];
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  if (bytes.length !== length * 4) throw bad(key, `${length} packed numbers`);
  return Float32Array.from({ length }, (_, i) => bytes.readFloatLE(i * 4));
};

/** Throws a usage error when a checkpoint is of another kind or of rows of another width: it cannot be gone on from or predicted with. */
export const requireCheckpoint = (checkpoint: Checkpoint, kind: string, version: number, width = checkpoint.width): void => {
  if (checkpoint.kind !== kind || checkpoint.version !== version || checkpoint.width !== width)
    throw usageError(
      'wrong-checkpoint',
      `A checkpoint of ${checkpoint.kind} ${checkpoint.version} over ${checkpoint.width} features is not one of ${kind} ${version} over ${width}.`,
      'Train the model anew.',
    );
};
