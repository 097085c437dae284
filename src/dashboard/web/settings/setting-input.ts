import { listOf, recordOf, textOf, numberOf } from '../research/unknown-json.js';

/** How the value of a setting is typed. `json` is for whatever has no field of its own. */
export type SettingInput =
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly min: number | null;
      readonly max: number | null;
      readonly exclusive: boolean;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly of: 'number' | 'text' }
  | { readonly kind: 'json' };

/** `["number", "null"]` is a number that may be left out. */
const withoutNull = (schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const types = listOf(schema.type).filter(type => type !== 'null');
  return types.length === 1 ? { ...schema, type: types[0] } : schema;
};

/** The kind of field for a JSON schema. `anyOf` with null, which means "may be left out", counts as its other side. */
export const settingInput = (schema: unknown): SettingInput => {
  const all = withoutNull(recordOf(schema));
  const sides = [...listOf(all.anyOf), ...listOf(all.oneOf)].map(recordOf).filter(side => side.type !== 'null');
  if (sides.length === 1 && all.type === undefined) return settingInput(sides[0]);
  const consts = sides.map(side => side.const);
  if (sides.length > 1 && consts.every(each => typeof each === 'string')) return { kind: 'choice', values: consts.map(textOf) };
  const values = listOf(all.enum).filter(each => typeof each === 'string');
  if (values.length > 0 && values.length === listOf(all.enum).length) return { kind: 'choice', values };
  if (all.type === 'number' || all.type === 'integer') {
    const low = numberOf(all.exclusiveMinimum);
    const high = numberOf(all.exclusiveMaximum);
    // What a schema says of whole numbers that a computer can hold is no bound of the field.
    const bound = (value: number | null): number | null => (value !== null && Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value);
    return {
      kind: 'number',
      integer: all.type === 'integer',
      min: bound(low ?? numberOf(all.minimum)),
      max: bound(high ?? numberOf(all.maximum)),
      exclusive: low !== null || high !== null,
    };
  }
  if (all.type === 'boolean') return { kind: 'boolean' };
  if (all.type === 'string') return { kind: 'text' };
  if (all.type === 'array') {
    const item = settingInput(all.items);
    if (item.kind === 'number') return { kind: 'list', of: 'number' };
    if (item.kind === 'text' || item.kind === 'choice') return { kind: 'list', of: 'text' };
  }
  return { kind: 'json' };
};

/** A value as its field shows it. */
export const shownText = (input: SettingInput, value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (input.kind === 'list' && Array.isArray(value)) return value.map(String).join(', ');
  if (input.kind === 'json') return JSON.stringify(value, null, 2);
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
};

/** What was typed, or the fault of it. The server checks it again: it alone knows every rule. */
export type Typed = { readonly value: unknown; readonly fault: null } | { readonly fault: string };

const asNumber = (text: string): number | null => {
  const value = Number(text.trim().replace(/_/g, ''));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
};

/** Reads a field. An empty field is null: back to the default. */
export const typedValue = (input: SettingInput, text: string): Typed => {
  if (text.trim() === '') return { value: null, fault: null };
  if (input.kind === 'number') {
    const value = asNumber(text);
    if (value === null) return { fault: 'A number.' };
    if (input.integer && !Number.isInteger(value)) return { fault: 'A whole number.' };
    if (input.min !== null && value < input.min) return { fault: `Not under ${input.min}.` };
    if (input.max !== null && value > input.max) return { fault: `Not over ${input.max}.` };
    return { value, fault: null };
  }
  if (input.kind === 'boolean')
    return text === 'true' || text === 'false' ? { value: text === 'true', fault: null } : { fault: 'true or false.' };
  if (input.kind === 'choice')
    return input.values.includes(text) ? { value: text, fault: null } : { fault: `One of ${input.values.join(', ')}.` };
  if (input.kind === 'text') return { value: text, fault: null };
  if (input.kind === 'list') {
    const parts = text
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '');
    if (input.of === 'text') return { value: parts, fault: null };
    const numbers = parts.map(asNumber);
    return numbers.every(each => each !== null) ? { value: numbers, fault: null } : { fault: 'Numbers with commas between.' };
  }
  try {
    return { value: JSON.parse(text) as unknown, fault: null };
  } catch (error) {
    return { fault: error instanceof Error ? `No JSON: ${error.message}` : 'No JSON.' };
  }
};
