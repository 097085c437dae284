import type { z } from 'zod';
import type { AnswerOf, Endpoints } from '../../../../src/dashboard/api/endpoints.js';
import type { EndpointName } from '../../../../src/dashboard/api/routes.js';
import type { FakeSession } from './session.js';

/** What a canned answer is made from: what was asked, and the session that ticks behind the fake server. */
export interface CannedAsk<K extends EndpointName> {
  readonly params: z.output<Endpoints[K]['params']>;
  readonly query: z.output<Endpoints[K]['query']>;
  readonly body: z.output<Endpoints[K]['body']>;
  readonly session: FakeSession;
  /** The workspace has just been made: nothing is in it. */
  readonly empty: boolean;
}

/** Answers of some endpoints. The fake server checks each against the endpoint's schema. */
export type Canned = { readonly [K in EndpointName]?: (asked: CannedAsk<K>) => AnswerOf<K> };

/** A refusal of the server, thrown by a canned answer. */
export class CannedRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fix: string | null = null,
  ) {
    super(message);
  }
}
