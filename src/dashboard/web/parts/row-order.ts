/** What a column sorts by: numbers by size, text by letters, nothing always last. */
export type SortValue = number | string | boolean | null | undefined;

const isNothing = (value: SortValue): boolean =>
  value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));

/** Rows in the order of one column; rows that are equal there keep their order. */
export const ordered = <T>(rows: readonly T[], value: (row: T) => SortValue, down: boolean): readonly T[] => {
  const sign = down ? -1 : 1;
  return rows
    .map((row, at) => ({ row, at, by: value(row) }))
    .sort((a, b) => {
      const [none, other] = [isNothing(a.by), isNothing(b.by)];
      if (none || other) return Number(none) - Number(other) || a.at - b.at;
      const by =
        typeof a.by === 'string' && typeof b.by === 'string'
          ? a.by.localeCompare(b.by, 'en')
          : Number(a.by! > b.by!) - Number(a.by! < b.by!);
      return sign * by || a.at - b.at;
    })
    .map(({ row }) => row);
};
