import { clientIdOf } from '../live/broker/client-id.js';
import { pause, type LiveClock } from '../live/live-clock.js';
import { isOurs, isProtective } from '../live/watchdog/own-orders.js';
import type { VenueOrder, VenueTransport } from '../live/venue-transport.js';
import type { MortalTransport } from './mortal-transport.js';

/** What came of one rehearsal. */
export interface Rehearsal {
  readonly what: 'kill-switch' | 'dead-man';
  readonly passed: boolean;
  /** From the order to stop until the venue listed nothing of ours, market ms; null where it never came to that. */
  readonly tookMs: number | null;
  readonly text: string;
}

/** What rehearsals have to do with. */
export interface RehearsalStage {
  /** A connection of its own, without a stream: what the venue itself says. */
  readonly asking: Pick<VenueTransport, 'openOrders'>;
  /** What is traded. Asking about one symbol costs a fortieth of asking about all, and it is asked often. */
  readonly symbol: string;
  readonly clock: LiveClock;
  /** Rests an order; resolves with its id when the venue has taken it, rejects when it has not. */
  readonly place: () => Promise<string>;
  /** Lets a practice market that waits for us go on by a bar: the dead acknowledge nothing. */
  readonly letGo?: () => void;
  /** Why the session opens nothing new, and winds no timer up; null when it would. */
  readonly because?: () => string | null;
  /** Whether something of it has filled: what is gone then was not taken back. */
  readonly hasFilled?: () => boolean;
}

const FILLED = 'The order filled before it was taken back: a position of the smallest size is held, close it.';

const LOOK_MS = 500;
const FOUND_MS = 10_000;
const HALT_MS = 30_000;
const SLACK_MS = 30_000;
const WOUND_MS = 90_000;

/** Orders of ours that a halt takes back, as the venue lists them; null when it does not answer. */
export const openAtVenue = async (
  asking: RehearsalStage['asking'],
  symbol: string | null = null,
): Promise<readonly VenueOrder[] | null> => {
  try {
    return (await asking.openOrders(symbol)).filter(order => isOurs(order) && !isProtective(order));
  } catch {
    return null;
  }
};

/** What a rehearsal has left at the venue after everything was taken back, as a sentence; null where it left nothing. */
export const leftBehind = async (asking: RehearsalStage['asking']): Promise<string | null> => {
  const open = await openAtVenue(asking);
  if (open === null) return 'The venue does not say whether an order of the rehearsal is still open.';
  return open.length === 0 ? null : `Still open at the venue: ${open.map(({ clientId }) => clientId).join(', ')}.`;
};

/** Looks at the venue until it is so, for a while; the market time at which it was seen, or null. */
const untilSeen = async (
  { asking, clock, symbol }: RehearsalStage,
  isSo: (open: readonly VenueOrder[]) => boolean,
  withinMs: number,
  onLook: (sinceMs: number) => void = () => {},
): Promise<number | null> => {
  for (const began = clock.monotonic(); clock.monotonic() - began < withinMs; await pause(clock, LOOK_MS)) {
    onLook(clock.monotonic() - began);
    const open = await openAtVenue(asking, symbol);
    if (open !== null && isSo(open)) return clock.market();
  }
  return null;
};

/** An order of ours rests at the venue, and the venue says so. */
const rested = async (stage: RehearsalStage): Promise<void> => {
  const clientId = clientIdOf(await stage.place());
  if ((await untilSeen(stage, open => open.some(order => order.clientId === clientId), FOUND_MS)) === null)
    throw new Error('the venue took the order and does not list it');
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** An order rests, the account is halted as `quantai halt` does it, and the venue is asked until nothing of ours is open. */
export const rehearseKillSwitch = async (
  stage: RehearsalStage,
  halt: () => Promise<{ readonly done: boolean; readonly error: string | null }>,
): Promise<Rehearsal> => {
  const what = 'kill-switch';
  const failed = (text: string): Rehearsal => ({ what, passed: false, tookMs: null, text });
  try {
    await rested(stage);
  } catch (error) {
    return failed(`No order could be placed to be taken back: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const asked = stage.clock.market();
  const { done, error } = await halt();
  if (!done) return failed(`The halt was not carried out: ${error ?? 'no reason was given'}.`);
  const gone = await untilSeen(stage, open => open.length === 0, HALT_MS);
  if (stage.hasFilled?.() === true) return failed(FILLED);
  if (gone === null) return failed(`The session said that it was halted, and the venue still listed an order after ${seconds(HALT_MS)}.`);
  return {
    what,
    passed: true,
    tookMs: gone - asked,
    text: `The halt took the order back; the venue listed nothing of ours after ${seconds(gone - asked)} of market time.`,
  };
};

/** An order rests, the venue's timer is wound up as the session does it, our connection is cut, and the venue is asked until it has taken the order back by itself. */
export const rehearseDeadMan = async (stage: RehearsalStage, mortal: MortalTransport, timerMs: number): Promise<Rehearsal> => {
  const what = 'dead-man';
  const { clock } = stage;
  const failed = (text: string): Rehearsal => ({ what, passed: false, tookMs: null, text });
  try {
    await rested(stage);
  } catch (error) {
    return failed(`No order could be placed to be taken back: ${error instanceof Error ? error.message : String(error)}.`);
  }
  for (const began = clock.monotonic(); mortal.isWound === false && clock.monotonic() - began < WOUND_MS;) await pause(clock, LOOK_MS);
  if (mortal.isWound === null) return failed('This venue has no timer that takes orders back when we fall silent.');
  if (!mortal.isWound) {
    const because = stage.because?.() ?? null;
    return failed(`The session did not wind up the venue’s timer within ${seconds(WOUND_MS)}${because === null ? '' : `: ${because}`}.`);
  }
  if ((await openAtVenue(stage.asking, stage.symbol))?.length !== 1)
    return failed('The order was gone before the connection was cut: nothing was tried.');
  const cut = clock.market();
  await mortal.die();
  // The venue's timer runs on wall time, and what it cancels is gone with the next moment of the market.
  const onLook = (sinceMs: number): void => (sinceMs >= timerMs ? stage.letGo?.() : undefined);
  const gone = await untilSeen(stage, left => left.length === 0, timerMs + SLACK_MS, onLook);
  if (stage.hasFilled?.() === true) return failed(FILLED);
  if (gone === null) return failed(`The connection was cut, and the venue still listed the order ${seconds(timerMs + SLACK_MS)} later.`);
  return {
    what,
    passed: true,
    tookMs: gone - cut,
    text: `The connection was cut and nothing said any more; the venue itself took the order back after ${seconds(gone - cut)} of market time, with its timer at ${seconds(timerMs)}.`,
  };
};
