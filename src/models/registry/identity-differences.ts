import { canonicalJson } from '../../datasets/canonical-json.js';
import type { Json } from '../forecaster.js';

/** A field in which two recipes differ, by its path; undefined where one has no such field. */
export interface IdentityDifference {
  readonly path: string;
  readonly left: Json | undefined;
  readonly right: Json | undefined;
}

type Fields = { readonly [key: string]: Json };

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields in which two recipes as data differ, in order of their path. A list counts as one value. */
export const identityDifferences = (left: Json | undefined, right: Json | undefined, path = ''): readonly IdentityDifference[] => {
  if (isFields(left) && isFields(right))
    return [...new Set([...Object.keys(left), ...Object.keys(right)])]
      .sort()
      .flatMap(key => identityDifferences(left[key], right[key], path === '' ? key : `${path}.${key}`));
  return canonicalJson(left ?? null) === canonicalJson(right ?? null) && (left === undefined) === (right === undefined)
    ? []
    : [{ path, left, right }];
};
