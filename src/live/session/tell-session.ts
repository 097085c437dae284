import { watchdogPlace } from '../watchdog/watchdog-place.js';
import { askSession } from './socket-lock.js';

/** A session that lives says so within this; the one that does not is seen to by its watchdog. */
const ALIVE_MS = 2_000;
/** A halt is done when the venue has nothing left open; that can take as long as the venue does. */
const ANSWER_MS = 30_000;
/** The watchdog looks twice, the second time when nothing that was on its way can still arrive. */
const WATCHDOG_MS = 120_000;

/** What came of it, and who did it. */
export interface SessionTold {
  readonly account: string;
  readonly venue: string;
  readonly done: boolean;
  readonly through: 'session' | 'watchdog';
  readonly error: string | null;
}

/** A command of a person to a session. */
export interface SessionTelling {
  readonly ask: 'command';
  readonly command: string;
  readonly by: string;
  readonly reason: string;
  readonly flatten: boolean;
}

interface Answer {
  readonly done?: string;
  readonly error?: string;
}

/** Commands that a watchdog can carry out too, as a halt: they only take away. */
const STOPPING = new Set(['halt', 'flatten']);

/** The session does it; where it hangs, or does not get it done in time, its watchdog takes orders back. */
export const tellSession = async (account: string, venue: string, request: SessionTelling): Promise<SessionTold> => {
  const { command } = request;
  const isAlive = (await askSession(venue, account, { ask: 'pulse' }, ALIVE_MS)) !== null;
  const answer = isAlive ? ((await askSession(venue, account, request, ANSWER_MS)) as Answer | null) : null;
  if (answer?.done === command || !STOPPING.has(command)) {
    const error = answer === null ? 'it does not answer' : (answer.error ?? null);
    return { account, venue, done: answer?.done === command, through: 'session', error };
  }
  const asHalt = { ...request, command: 'halt', flatten: request.flatten || command === 'flatten' };
  const second = (await askSession(venue, watchdogPlace(account), asHalt, WATCHDOG_MS)) as Answer | null;
  const error = second === null ? 'it does not answer, and neither does a watchdog' : (second.error ?? null);
  return { account, venue, done: second?.done === 'halt', through: 'watchdog', error };
};
