/** `0.02 %`. */
export const percent = (x: number): string => `${+(x * 100).toFixed(4)} %`;

/** Where a value comes from: the preset's source where it is the preset's own. */
export type From = (value: unknown, standard: unknown, source: string) => string;
