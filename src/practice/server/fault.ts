import { z } from 'zod';

/** Faults that meet a request. */
const REQUEST_KINDS = ['drop-answer', 'drop-request', 'delay', 'delay-answer', 'duplicate-request', 'answer'] as const;
/** Faults that meet a message of a stream. */
const STREAM_KINDS = ['omit', 'duplicate', 'delay-event', 'reorder', 'silent', 'black-hole'] as const;

/**
 * What goes wrong, for whom and how often.
 *
 * Requests: `drop-request` is lost on its way there, `drop-answer` is carried out and its answer lost (both cut the connection after `ms`), `delay` waits before it is carried out, `delay-answer`
 * after, `duplicate-request` carries it out twice, `answer` answers with `status` and `body` (the venue's own words when left out) and carries it out only when `processed`.
 * Streams: `omit` loses messages, `duplicate` sends each `times`, `delay-event` sends it `ms` later, `reorder` holds it back until `times` others have passed, `silent` keeps the socket open and says
 * nothing, `black-hole` does not even answer pings.
 * Both: `hostile` puts raw JSON into `fields` or multiplies them by `scale`.
 * The venue: `refuse` takes no connection, `clock` shifts its clock by `ms` and lets it drift by `drift` ms a second, `close-sockets` closes the open ones (`code`), `expire-streams` lets the keys of
 * private streams run out.
 */
export const faultSpec = z.strictObject({
  kind: z.enum([...REQUEST_KINDS, ...STREAM_KINDS, 'hostile', 'refuse', 'clock', 'close-sockets', 'expire-streams']),
  /** Everybody when left out, as for the next three. */
  account: z.string().optional(),
  method: z.string().toUpperCase().optional(),
  /** The whole path, or its beginning with a star at the end. */
  path: z.string().optional(),
  /** A stream's name or a part of it; `user` for account events. */
  stream: z.string().optional(),
  /** The first of the matches that it meets, counted from 1. */
  nth: z.int().min(1).default(1),
  /** How many it meets: 1 when neither `rate` nor `forMs` is given, else all. */
  count: z.int().min(1).optional(),
  /** Share of the matches that it meets, by the seed. */
  rate: z.number().min(0).max(1).optional(),
  /** Begins so many wall milliseconds after it was added, and lasts so long. */
  afterMs: z.number().min(0).default(0),
  forMs: z.number().min(0).optional(),
  ms: z.number().default(0),
  drift: z.number().default(0),
  status: z.int().min(100).max(599).default(503),
  body: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  processed: z.boolean().default(false),
  times: z.int().min(1).max(1000).default(2),
  fields: z.record(z.string(), z.string()).default({}),
  scale: z.number().optional(),
  code: z.int().min(1000).max(4999).default(1006),
});

export type FaultSpec = z.output<typeof faultSpec>;
/** As it may be written: what has a default can be left out. */
export type FaultInput = z.input<typeof faultSpec>;

const requestKinds: ReadonlySet<string> = new Set(REQUEST_KINDS);
const streamKinds: ReadonlySet<string> = new Set(STREAM_KINDS);

export const meetsRequests = (spec: FaultSpec): boolean =>
  requestKinds.has(spec.kind) || (spec.kind === 'hostile' && spec.stream === undefined);
export const meetsStreams = (spec: FaultSpec): boolean =>
  streamKinds.has(spec.kind) || (spec.kind === 'hostile' && spec.path === undefined);
