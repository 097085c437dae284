/** A number in a sentence, with a true minus sign: `1,204.50`. */
export const figure = (value: number, digits = 2): string => {
  const text = Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
};

/** A fraction in a sentence: `12.3%`. */
export const share = (fraction: number, digits = 1): string => `${figure(fraction * 100, digits)}%`;

/** A count with its noun, e.g. `1 trade`, `1,204 trades`. */
export const counted = (n: number, noun: string): string => `${figure(n, 0)} ${noun}${n === 1 ? '' : 's'}`;
