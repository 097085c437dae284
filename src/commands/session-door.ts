import { z } from 'zod';
import type { LiveSession } from '../live/session/live-session.js';
import { sessionDetail } from '../live/session/session-detail.js';
import { sessionStatus, type StatusScope } from '../live/session/session-status.js';
import type { SocketHandler } from '../live/session/socket-lock.js';
import { pulseOf } from '../live/watchdog/pulse.js';

const Asked = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('status') }),
  z.strictObject({ ask: z.literal('detail') }),
  z.strictObject({ ask: z.literal('pulse') }),
  z.strictObject({ ask: z.literal('limits') }),
  z.strictObject({
    ask: z.literal('set'),
    limits: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
    by: z.string().min(1).max(100),
    reason: z.string().max(1000),
  }),
  z.strictObject({
    ask: z.literal('command'),
    command: z.enum(['halt', 'resume', 'reduce', 'flatten', 'stop', 'cancel-all']),
    by: z.string().min(1).max(100),
    reason: z.string().max(1000),
    flatten: z.boolean().optional(),
  }),
]);

/** What a session answers on its socket: its status, or that a command was carried out. */
export const sessionDoor =
  (session: () => LiveSession | null, scope: () => StatusScope): SocketHandler =>
  async request => {
    const asked = Asked.parse(request);
    const current = session();
    if (current === null) throw new Error('the session is still being put together');
    if (asked.ask === 'pulse') return pulseOf(current);
    if (asked.ask === 'detail') return sessionDetail(current, scope());
    if (asked.ask === 'limits') return { limits: current.limits };
    if (asked.ask === 'set') return { limits: await current.setLimits(asked.limits, asked.by, asked.reason) };
    if (asked.ask === 'command') {
      const { command, by, reason, flatten } = asked;
      if (command === 'stop') {
        // The process ends by it: the answer leaves first.
        current.onEnd?.('operator', `${by}: ${reason}`);
        return { done: command };
      }
      await current.command(command, by, reason, flatten === undefined ? {} : { flatten });
      return { done: command, status: sessionStatus(current, scope()) };
    }
    return sessionStatus(current, scope());
  };
