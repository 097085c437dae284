import type { ColumnStudy } from './feature-study.js';

/** Level below which what chance gives is thought unlikely; convention. */
export const LEVEL = 0.05;

/** Columns by the size of the t of their information coefficient; those without one by the size of ρ, after them; ties by name. */
export const byInformation = (columns: readonly ColumnStudy[]): readonly ColumnStudy[] => {
  const size = (value: number | null): number => (value === null ? -1 : Math.abs(value));
  return [...columns].sort(
    (a, b) =>
      size(b.information.icT) - size(a.information.icT) ||
      size(b.information.rho) - size(a.information.rho) ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
};

/** Columns that go with the forward return further than the best of all columns does by chance. */
export const passing = (columns: readonly ColumnStudy[]): readonly ColumnStudy[] =>
  columns.filter(({ information: { familyChance } }) => familyChance !== null && familyChance <= LEVEL);
