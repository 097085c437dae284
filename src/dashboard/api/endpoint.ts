import type { z } from 'zod';
import type { Role } from '../../promotion/people/role.js';

/** One thing that can be asked of the platform over HTTP. Its method and path stand in `ROUTES`. */
export interface Endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  readonly summary: string;
  /** Any of these may ask; `public` needs no login. The same as the command line's for the verb behind it (tested). */
  readonly roles: readonly Role[] | 'public';
  /** The command that does it, for the documentation and the test of roles, e.g. `halt --resume`; null where there is none. */
  readonly verb: string | null;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly answer: A;
}

/** An endpoint with the types of its schemas kept. */
export const endpoint = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  given: Endpoint<P, Q, B, A>,
): Endpoint<P, Q, B, A> => given;

/** Whoever asks, as login or token says. */
export interface Caller {
  readonly name: string;
  readonly roles: readonly Role[];
  /** `session`: a browser that logged in. `token`: a program. */
  readonly by: 'session' | 'token' | 'nobody';
}

/** What a handler is given: everything has been checked against the endpoint's schemas. */
export interface Asked<P, Q, B> {
  readonly caller: Caller;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/** What does the work of an endpoint. It throws `UserError` for what the caller can mend; anything else is a defect of ours. */
export type Handler<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer A>
    ? (asked: Asked<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A>>
    : never;
