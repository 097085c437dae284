import type { z } from 'zod';
import { usageError } from '../../errors.js';

/** Deeper than anything that is asked for; what reads JSON by recursion would fall over a deep one. */
const DEEPEST = 40;

const isTooDeep = (value: unknown): boolean => {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
};

/** What was sent, as the endpoint's schema reads it. Throws `bad-input`, which names the field. */
export const checkedInput = <T extends z.ZodType>(schema: T, where: 'path' | 'query' | 'body', value: unknown): z.output<T> => {
  if (where === 'body' && isTooDeep(value)) throw usageError('bad-input', 'The body is nested too deep.');
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.map(String).join('.').slice(0, 100) ?? '';
  const why = (issue?.message ?? 'It is wrong.').slice(0, 300);
  throw usageError(
    'bad-input',
    `${field === '' ? `The ${where}` : `"${field}" of the ${where}`} is wrong: ${why}`,
    'See /api/v1/openapi.json for what is taken.',
  );
};
