import type { FaultSpec } from './fault.js';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * JSON text with fields made hostile: the raw text of `fields` by name wherever the name stands (`NaN`, `1e400`, `"ZZZ"` need not be JSON), or the numbers of the named fields times `scale`.
 * Works on text, because such values cannot be held in an object that is then written.
 */
export const withHostileFields = (json: string, { fields, scale }: FaultSpec): string => {
  let text = json;
  for (const [name, raw] of Object.entries(fields)) {
    const field = new RegExp(`("${escaped(name)}":)("(?:[^"\\\\]|\\\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null)`, 'g');
    text = text.replace(field, (_, key: string, value: string) => {
      if (scale === undefined) return `${key}${raw}`;
      const quoted = value.startsWith('"');
      const number = Number(quoted ? value.slice(1, -1) : value) * scale;
      return `${key}${quoted ? `"${number}"` : `${number}`}`;
    });
  }
  return text;
};
