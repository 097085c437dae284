import { z } from 'zod';
import type { SocketHandler } from '../live/session/socket-lock.js';
import type { Watchdog } from '../live/watchdog/watchdog.js';

const Asked = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('watchdog') }),
  z.strictObject({ ask: z.literal('release'), epoch: z.int().min(0) }),
  z.strictObject({
    ask: z.literal('command'),
    command: z.literal('halt'),
    by: z.string().min(1).max(100),
    reason: z.string().max(1000),
    flatten: z.boolean().optional(),
  }),
]);

/** What a watchdog answers on its socket. */
export const watchdogDoor =
  (dog: () => Watchdog | null): SocketHandler =>
  async request => {
    const asked = Asked.parse(request);
    const current = dog();
    if (current === null) throw new Error('the watchdog is still connecting');
    if (asked.ask === 'release') {
      current.release(asked.epoch);
      return { released: asked.epoch };
    }
    if (asked.ask === 'command') {
      const done = await current.takeBack(asked.by, asked.reason, asked.flatten ?? false);
      return { done: 'halt', ...done };
    }
    return { epoch: current.epoch, state: current.state };
  };
