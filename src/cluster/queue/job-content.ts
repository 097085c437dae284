import { createHash } from 'node:crypto';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { encodeExact } from '../exact-json.js';
import type { SharedAddress } from '../lake/shared-parts.js';
import type { Build } from './queue-name.js';

/** What a worker finds in the queue. */
export interface JobContent {
  readonly handler: string;
  /** `{ payload }` as exact JSON. */
  readonly payload: string;
  /** What the job shares with others, null for nothing, and the lake that has it as its submitter calls it. */
  readonly shared: SharedAddress | null;
  readonly lake: string | null;
  /** Jobs whose results the handler is given besides its payload, by id, in order; null for a job that waits for none. */
  readonly children: readonly string[] | null;
  /** How its submitter names it, and the run that it was first submitted for: for people who look at the queue. */
  readonly name: string;
  readonly run: string;
  /** Its tag of fair queuing. */
  readonly tag: number;
  /** Id of the job that it does a second time, and the worker that did it first; null for a job as such. */
  readonly audit: { readonly of: string; readonly by: string } | null;
}

/** What a job's result depends on. */
export type JobIdentity = Pick<JobContent, 'handler' | 'payload' | 'children'> & { readonly sharedHash: string | null };

/** SHA-256 over everything that a job's result depends on: the same work has the same id, whoever submits it and whenever. */
export const jobId = ({ handler, payload, children, sharedHash }: JobIdentity, { platform, arch, code }: Build): string =>
  createHash('sha256')
    .update(canonicalJson({ format: 1, handler, payload: JSON.parse(payload) as unknown, children, sharedHash, platform, arch, code }))
    .digest('hex');

/** Id of the second run of a job that is looked at. */
export const auditId = (id: string): string => `${id}-audit`;

/** Id of the job as such, given that of either run. */
export const auditedId = (id: string): string => id.replace(/-audit$/, '');

/** Whether a job belongs to the share that is done twice: by its id, so that the choice is the same everywhere and cannot be chosen. */
export const isAudited = (id: string, share: number): boolean => Number.parseInt(id.slice(0, 8), 16) < share * 2 ** 32;

/** A result as it is kept. */
export const resultText = (result: unknown): string => encodeExact({ result });

export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');
