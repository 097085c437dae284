import type { LogLine } from '../../api/accounts-api.js';

/** A line of the log with a name of its own. */
export type LogRow = LogLine & { readonly key: string };

/** Names lines: by time and text, and where the same was said twice in one millisecond, by which of them it is, counted from the oldest, so that a name stays as newer lines come. Lines are newest first. */
export const logRows = (lines: readonly LogLine[]): readonly LogRow[] => {
  const said = new Map<string, number>();
  return [...lines]
    .reverse()
    .map(line => {
      const name = `${line.at} ${line.level} ${line.text}`;
      const nth = said.get(name) ?? 0;
      said.set(name, nth + 1);
      return { ...line, key: `${name} ${nth}` };
    })
    .reverse();
};
