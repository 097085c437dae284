/** `1234567` → `1,234,567`. */
export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** Fraction → `12.3 %`; an en dash where there is none. */
export const percent = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : `${(value * 100).toFixed(digits)} %`;

/** `1.23`; an en dash where there is none. */
export const ratio = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);

/** A probability by chance: `0.275`, `under 0.001`; an en dash where there is none. */
export const pValue = (value: number | null | undefined): string =>
  value !== null && value !== undefined && value < 0.001 ? 'under 0.001' : ratio(value, 3);

/** Money with thousands grouped and two decimals. */
export const money = (value: number): string => value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `1536` → `1.5 kB`. */
export const bytes = (value: number): string =>
  value < 1000
    ? `${value} B`
    : value < 1e6
      ? `${(value / 1e3).toFixed(1)} kB`
      : value < 1e9
        ? `${(value / 1e6).toFixed(1)} MB`
        : `${(value / 1e9).toFixed(2)} GB`;
