import { pause, type LiveClock } from '../live-clock.js';
import { VenueFailure, type VenueOrder, type VenuePosition, type VenueTransport } from '../venue-transport.js';
import { isOurs, isProtective } from './own-orders.js';

/** What is needed to act on an account without its session. */
export interface TakeBackPorts {
  readonly transport: VenueTransport;
  readonly clock: LiveClock;
  /** Hears what stands in the way. */
  readonly log: (text: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Client ids of the orders that close positions. */
  readonly nextClientId: () => string;
}

/** What to do. */
export interface TakeBackChoice {
  /** Protective stops too. */
  readonly all: boolean;
  /** Close positions at the market. Nothing is left to protect then: stops go too. */
  readonly flatten: boolean;
}

/** What was done. */
export interface TakenBack {
  readonly cancelled: number;
  readonly closed: number;
}

const FIRST_MS = 250;
const LONGEST_MS = 5_000;
/** Cancels under way at once. */
const AT_ONCE = 8;
/** An exit that was taken fills at once, or the venue has refused it. */
const EXIT_MS = 1_000;

/** Waits as long as the venue wants to be left alone, where it says. */
const pauseOf = (error: unknown, clock: LiveClock, otherwise: number): number =>
  error instanceof VenueFailure && error.until !== null ? Math.max(otherwise, error.until - clock.wall()) : otherwise;

const cancelThem = async ({ transport, log, clock }: TakeBackPorts, orders: readonly VenueOrder[]): Promise<number> => {
  let wait = 0;
  for (let i = 0; i < orders.length && wait === 0; i += AT_ONCE)
    await Promise.all(
      orders.slice(i, i + AT_ONCE).map(async ({ symbol, clientId, venueId, conditional }) => {
        try {
          await transport.cancel({ symbol, clientId, venueId, conditional });
        } catch (error) {
          // Whether it is gone says the next list, whatever the answer was.
          log('cancel was not taken', { symbol, clientId, error: String(error) });
          wait = Math.max(wait, pauseOf(error, clock, 0));
        }
      }),
    );
  return wait;
};

const exitOf = ({ symbol, quantity, positionSide }: VenuePosition, clientId: string) =>
  ({
    clientId,
    symbol,
    side: quantity > 0 ? 'sell' : 'buy',
    type: 'market',
    quantity: Math.abs(quantity),
    price: null,
    stopPrice: null,
    triggerBy: 'last',
    trail: null,
    tif: 'gtc',
    goodTill: null,
    postOnly: false,
    // It can only close, so that a second one after an answer that was lost opens nothing.
    reduceOnly: true,
    closePosition: false,
    positionSide,
  }) as const;

/**
 * Takes back the platform's orders of an account, and closes its positions where asked to, with nothing but the venue: it goes on until the venue itself lists none, for as long as that takes. `isOver` ends it early.
 */
export const takeBack = async (ports: TakeBackPorts, { all, flatten }: TakeBackChoice, isOver: () => boolean): Promise<TakenBack> => {
  const { transport, clock, log } = ports;
  let [cancelled, closed] = [0, 0];
  const untilGone = async (stops: boolean): Promise<void> => {
    for (let wait = FIRST_MS; !isOver(); wait = Math.min(wait * 2, LONGEST_MS))
      try {
        const open = (await transport.openOrders(null)).filter(order => isOurs(order) && (stops || !isProtective(order)));
        if (open.length === 0) return;
        cancelled = Math.max(cancelled, open.length);
        // What opens exposure first: a reducing order that fills meanwhile does no harm.
        const sorted = [...open].sort((a, b) => Number(a.reduceOnly || a.closePosition) - Number(b.reduceOnly || b.closePosition));
        const told = await cancelThem(ports, sorted);
        await pause(clock, Math.max(wait, told));
      } catch (error) {
        log('open orders are not known', { error: String(error) });
        await pause(clock, pauseOf(error, clock, wait));
      }
  };
  const untilFlat = async (): Promise<void> => {
    for (let wait = FIRST_MS; !isOver(); wait = Math.min(wait * 2, LONGEST_MS))
      try {
        const held = (await transport.positions()).filter(({ quantity }) => quantity !== 0);
        if (held.length === 0) return;
        closed = Math.max(closed, held.length);
        for (const position of held)
          try {
            await transport.submit(exitOf(position, ports.nextClientId()));
          } catch (error) {
            log('exit was not taken', { symbol: position.symbol, error: String(error) });
            // It may come yet: the next look must not be made before it has.
            if (error instanceof VenueFailure && error.kind === 'ambiguous') await pause(clock, transport.receiveWindowMs + EXIT_MS);
          }
        await pause(clock, Math.max(wait, EXIT_MS));
      } catch (error) {
        log('positions are not known', { error: String(error) });
        await pause(clock, pauseOf(error, clock, wait));
      }
  };
  await untilGone(all);
  if (flatten) {
    await untilFlat();
    await untilGone(true);
  }
  return { cancelled, closed };
};
