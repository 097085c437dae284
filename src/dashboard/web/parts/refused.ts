import { Refusal } from '../state/api.js';

/** What went wrong, as a page shows it. */
export interface Refused {
  readonly message: string;
  readonly fix: string | null;
  readonly code?: string;
}

/** Any thrown thing as sentence and fix. */
export const refusedOf = (error: unknown): Refused =>
  error instanceof Refusal
    ? { message: error.message, fix: error.fix, code: error.code }
    : { message: error instanceof Error ? error.message : String(error), fix: null };
