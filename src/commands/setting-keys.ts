import { z } from 'zod';
import { QuantaiConfig } from './workspace-config.js';
import { SETTING_TEXTS } from './setting-texts.js';

/** A setting that can be named on its own: the smallest part of `quantai.config.ts` that means something. */
export interface SettingKey {
  /** E.g. `capital`, `fees`, `walkforward.train`. */
  readonly key: string;
  readonly schema: z.ZodType;
  /** What it means to a trader, one sentence. */
  readonly text: string;
  /**
   * False where only the file can change it. Gates, evidence and the audit log are what people agreed on: who is logged in as an operator must not loosen what an approver has to open. Channels of notifications may
   * hold an address that is a secret.
   */
  readonly editable: boolean;
}

const FILE_ONLY = ['promotion', 'evidence', 'audit', 'registry', 'cluster', 'notify.channels'];

/** Under what wraps a schema: optional, with a default, or refined. */
const inner = (schema: z.ZodType): z.ZodType => {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    const { innerType } = schema.def;
    // zod types what it wraps as its core; all of ours are whole.
    return innerType instanceof z.ZodType ? inner(innerType) : schema;
  }
  return schema;
};

const leaves = (schema: z.ZodType, path: string): readonly (readonly [string, z.ZodType])[] => {
  const within = inner(schema);
  if (!(within instanceof z.ZodObject)) return [[path, schema]];
  return Object.entries(within.shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, child]) =>
    leaves(child, path === '' ? name : `${path}.${name}`),
  );
};

/** Every setting of a workspace, in the order of `quantai.config.ts`. */
export const SETTING_KEYS: readonly SettingKey[] = leaves(QuantaiConfig, '').map(([key, schema]) => ({
  key,
  schema,
  text: SETTING_TEXTS[key] ?? '',
  editable: !FILE_ONLY.some(prefix => key === prefix || key.startsWith(`${prefix}.`)),
}));

/** What stands under a dotted key, or undefined. */
export const valueAt = (document: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Object.entries(value).find(([own]) => own === name)?.[1] : undefined),
      document,
    );

/** A copy of the document with a value under a dotted key. */
export const withValueAt = (document: unknown, key: string, value: unknown): unknown => {
  const [name = '', ...rest] = key.split('.');
  const own = typeof document === 'object' && document !== null && !Array.isArray(document) ? document : {};
  const below = Object.entries(own).find(([each]) => each === name)?.[1];
  return { ...own, [name]: rest.length === 0 ? value : withValueAt(below, rest.join('.'), value) };
};
