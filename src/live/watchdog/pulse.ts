import { z } from 'zod';
import type { LiveSession } from '../session/live-session.js';

/** What a session answers to "are you well": an answer proves that its event loop runs, the counts that its disk takes what it writes. */
export const Pulse = z.object({
  epoch: z.int().min(0),
  phase: z.enum(['new', 'recovering', 'connecting', 'warming-up', 'trading', 'stopping', 'stopped']),
  /** Facts that happened, and how many of them are on the disk. */
  facts: z.int().min(0),
  durable: z.int().min(0),
  /** Whether it may open exposure, and why not: broker and feed speak here. */
  ready: z.boolean(),
  because: z.string().nullable(),
});
export type Pulse = z.infer<typeof Pulse>;

/** The pulse of a session of this process. */
export const pulseOf = (session: LiveSession): Pulse => {
  const { epoch, phase, readiness } = session;
  const because = readiness.ready ? null : `${readiness.code}: ${readiness.text}`;
  return { epoch, phase, facts: session.streams.folded, durable: session.durable, ready: readiness.ready, because };
};
