/** A number, or null and why it is not defined. */
export interface Estimate {
  readonly value: number | null;
  readonly reason: string | null;
}

/** The value if it is finite, else null with the reason. */
export const estimate = (value: number, reason: string): Estimate =>
  Number.isFinite(value) ? { value, reason: null } : { value: null, reason };

export const noEstimate = (reason: string): Estimate => ({ value: null, reason });
