/** Decimals of a step: 0.001 → 3, 10 → 0. */
export const decimalsOf = (step: number): number => {
  for (let digits = 0; digits < 12; digits++) {
    const scaled = step * Number(`1e${digits}`);
    if (Math.abs(scaled - Math.round(scaled)) < 1e-9 && Math.round(scaled) > 0) return digits;
  }
  return 12;
};

/** A number as the venue writes it, never with an exponent and never minus zero. */
export const decimal = (value: number, digits: number): string => {
  if (!Number.isFinite(value)) return '0';
  const text = value.toFixed(digits);
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
};

/** Eight decimals: amounts of money. */
export const money = (value: number): string => decimal(value, 8);

/** Whether text is a plain decimal number with at most so many decimals; more decimals are allowed when they are zeros. */
export const fits = (text: string, digits: number): boolean => {
  const [, fraction = ''] = /^\d+(?:\.(\d+))?$/.exec(text) ?? [];
  return fraction.replace(/0+$/, '').length <= digits;
};
