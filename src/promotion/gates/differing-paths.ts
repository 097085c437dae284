import { canonicalJson } from '../../datasets/canonical-json.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is left out, null and undefined are one: switched off. */
const isOff = (value: unknown): boolean => value === null || value === undefined;

/** Paths at which two settings differ, in the order of the alphabet. */
export const differingPaths = (a: unknown, b: unknown, path = ''): readonly string[] => {
  if (isOff(a) && isOff(b)) return [];
  if (isRecord(a) && isRecord(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .sort()
      .flatMap(key => differingPaths(a[key], b[key], path === '' ? key : `${path}.${key}`));
  return !isOff(a) && !isOff(b) && canonicalJson(a) === canonicalJson(b) ? [] : [path];
};
