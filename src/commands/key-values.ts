import { didYouMean, usageError } from '../errors.js';

/** `name:` in front and `key=value` pairs behind it, as options like `--slippage sqrt-impact:spread=2,coefficient=0.7` are written. */
export interface KeyValues {
  readonly kind: string | undefined;
  /** A value without a key, as in `fixed-bps:1`. */
  readonly bare: string | undefined;
  readonly values: Readonly<Record<string, string>>;
}

/** Read such an option. Throws a usage error naming the option for a pair without a value. */
export const keyValues = (option: string, text: string): KeyValues => {
  const colon = /^([a-z][a-z-]*):(.*)$/s.exec(text);
  const rest = colon ? (colon[2] ?? '') : text;
  const values: Record<string, string> = {};
  let bare: string | undefined;
  for (const part of rest.split(',').filter(piece => piece.trim() !== '')) {
    const equals = part.indexOf('=');
    if (equals === 0 || equals === part.length - 1)
      throw usageError('bad-option', `--${option} has "${part}", which is no key=value.`, 'Write key=value, with commas between.');
    if (equals > 0) values[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
    else if (bare === undefined) bare = part.trim();
    else throw usageError('bad-option', `--${option} has both "${bare}" and "${part.trim()}".`, 'Write key=value, with commas between.');
  }
  return { kind: colon?.[1], bare, values };
};

/** A finite number. Throws a usage error naming the option. */
export const numberOf = (option: string, text: string | undefined): number => {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw usageError('bad-option', `--${option} takes a number, not "${text ?? ''}".`);
  return value;
};

/** The pairs, all of whose keys must be known. */
export const onlyKeys = (option: string, { values }: KeyValues, known: readonly string[]): Readonly<Record<string, string>> => {
  for (const key of Object.keys(values))
    if (!known.includes(key))
      throw usageError('bad-option', `--${option} has no "${key}".${didYouMean(key, known)}`, `It takes ${known.join(', ')}.`);
  return values;
};

/** Repeated `--param k=v` as a record of texts. */
export const pairs = (option: string, texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    texts.map(text => {
      const equals = text.indexOf('=');
      if (equals < 1) throw usageError('bad-option', `--${option} takes name=value, not "${text}".`, `For example --${option} fast=20.`);
      return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
    }),
  );
