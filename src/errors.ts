/** Exit codes of the command line: 0 ok · 1 failed · 2 usage · 3 bad data · 4 refused by a gate or risk · 130 interrupted. */
export type ExitCode = 1 | 2 | 3 | 4 | 130;

/**
 * Something the user can mend. Printed as one sentence and its fix, never as a stack trace.
 * Anything that is not a `UserError` is a defect of ours or a corrupt datum and stops the run with its trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    /** Stable machine-readable code, kebab-case, e.g. `unknown-dataset`. */
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode,
    /** What the user can do about it, one sentence. */
    readonly fix?: string,
  ) {
    super(message);
  }
}

/** What a caught value says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The command or a parameter was given wrongly. Exit code 2. */
export const usageError = (code: string, message: string, fix?: string): UserError => new UserError(code, message, 2, fix);

/** Input data is wrong: the message names file, row and reason. Exit code 3. */
export const badData = (code: string, message: string, fix?: string): UserError => new UserError(code, message, 3, fix);

/** The work itself did not succeed (a type error in a strategy, a check that failed). Exit code 1. */
export const failed = (code: string, message: string, fix?: string): UserError => new UserError(code, message, 1, fix);

const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

/** ` Did you mean "x"?` for the nearest candidate within a third of the word's length, or an empty string. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best === undefined ? '' : ` Did you mean "${best}"?`;
};
