import { z } from 'zod';

/** What `quantai sql --json` answers. */
export const SqlAnswer = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});
export type SqlAnswer = z.infer<typeof SqlAnswer>;
type Cell = SqlAnswer['rows'][number][number];

/** One row by column. */
export interface SqlRow {
  /** Null where it is none. */
  number(column: string): number | null;
  text(column: string): string | null;
  flag(column: string): boolean | null;
}

/** Rows by the names of their columns. */
export const sqlRows = ({ columns, rows }: SqlAnswer): readonly SqlRow[] =>
  rows.map(row => {
    const cell = (column: string): Cell => row[columns.indexOf(column)] ?? null;
    return {
      number: column => {
        const value = cell(column);
        return typeof value === 'number' ? value : null;
      },
      text: column => {
        const value = cell(column);
        return value === null ? null : String(value);
      },
      flag: column => {
        const value = cell(column);
        return typeof value === 'boolean' ? value : value === null ? null : value === 'true';
      },
    };
  });
