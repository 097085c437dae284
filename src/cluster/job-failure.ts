import { UserError } from '../errors.js';
import type { ExitCode } from '../errors.js';

/** A job did not finish because of a defect or a corrupt datum; `cause` holds the original name, message and stack. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  constructor(
    /** How the job is named to the reader. */
    readonly job: string,
    /** Place of the job among the payloads. */
    readonly index: number,
    cause: Error,
  ) {
    super(`${job}: ${cause.message}`, { cause });
  }
}

/** An error as it crosses from a worker: structured cloning keeps neither class nor fields. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  readonly user: { readonly code: string; readonly exitCode: ExitCode; readonly fix: string | null } | null;
}

export const packError = (error: unknown): PackedError => {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: null, user: null };
  const { name, message, stack } = error;
  // By name, because a bundle or a test runner may hold its own copy of the class.
  const user =
    error instanceof UserError || (name === 'UserError' && 'code' in error)
      ? { code: (error as UserError).code, exitCode: (error as UserError).exitCode, fix: (error as UserError).fix ?? null }
      : null;
  return { name, message, stack: stack ?? null, user };
};

/** The error to reject with: the user's mistake stays one, everything else is a JobFailed; both name the job. */
export const failureOf = (job: string, index: number, packed: PackedError): UserError | JobFailed => {
  if (packed.user) return new UserError(packed.user.code, `${job}: ${packed.message}`, packed.user.exitCode, packed.user.fix ?? undefined);
  const cause = new Error(packed.message);
  cause.name = packed.name;
  if (packed.stack !== null) cause.stack = packed.stack;
  return new JobFailed(job, index, cause);
};
