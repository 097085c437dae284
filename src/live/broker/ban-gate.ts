import type { LiveClock } from '../live-clock.js';
import { VenueFailure, type VenueTransport } from '../venue-transport.js';

/**
 * A transport for all parts of a session that share one account's limits: once the venue has refused any of them for its rate, requests of every part fail as `limited` here and are not sent, until it lets them
 * go on. Without it a feed that is banned would not stop the broker, nor the other way round. A ban without a stated end lasts `banMs`.
 */
export const banGate = (transport: VenueTransport, clock: LiveClock, banMs: number): VenueTransport => {
  let till = -Infinity;
  const gated =
    <A extends readonly unknown[], T>(send: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      const left = till - clock.monotonic();
      if (left > 0) throw new VenueFailure('limited', 'banned', 'the venue has banned requests for now', clock.wall() + left);
      try {
        return await send(...args);
      } catch (error) {
        if (error instanceof VenueFailure && error.kind === 'limited')
          till = Math.max(till, clock.monotonic() + (error.until === null ? banMs : Math.max(0, error.until - clock.wall())) + 1);
        throw error;
      }
    };
  const { history } = transport;
  return {
    venue: transport.venue,
    receiveWindowMs: transport.receiveWindowMs,
    open: sink => transport.open(sink),
    close: () => transport.close(),
    markets: gated(() => transport.markets()),
    serverTime: gated(() => transport.serverTime()),
    permissions: gated(() => transport.permissions()),
    submit: gated((request: Parameters<VenueTransport['submit']>[0]) => transport.submit(request)),
    cancel: gated((order: Parameters<VenueTransport['cancel']>[0]) => transport.cancel(order)),
    amend: gated((...args: Parameters<VenueTransport['amend']>) => transport.amend(...args)),
    cancelAll: gated((...args: Parameters<VenueTransport['cancelAll']>) => transport.cancelAll(...args)),
    cancelAllAfter: gated((...args: Parameters<VenueTransport['cancelAllAfter']>) => transport.cancelAllAfter(...args)),
    order: gated((...args: Parameters<VenueTransport['order']>) => transport.order(...args)),
    openOrders: gated((...args: Parameters<VenueTransport['openOrders']>) => transport.openOrders(...args)),
    executions: gated((...args: Parameters<VenueTransport['executions']>) => transport.executions(...args)),
    positions: gated(() => transport.positions()),
    balances: gated(() => transport.balances()),
    income: gated((since: number) => transport.income(since)),
    setLeverage: gated((...args: Parameters<VenueTransport['setLeverage']>) => transport.setLeverage(...args)),
    setMarginMode: gated((...args: Parameters<VenueTransport['setMarginMode']>) => transport.setMarginMode(...args)),
    positionMode: gated(() => transport.positionMode()),
    setPositionMode: gated((hedge: boolean) => transport.setPositionMode(hedge)),
    subscribe: subscriptions => transport.subscribe(subscriptions),
    resubscribe: subscription => transport.resubscribe(subscription),
    listen: () => transport.listen(),
    history: {
      bars: gated((...args: Parameters<typeof history.bars>) => history.bars(...args)),
      funding: gated((...args: Parameters<typeof history.funding>) => history.funding(...args)),
      openInterest: gated((...args: Parameters<typeof history.openInterest>) => history.openInterest(...args)),
      referenceBars: gated((...args: Parameters<typeof history.referenceBars>) => history.referenceBars(...args)),
      trades: gated((...args: Parameters<typeof history.trades>) => history.trades(...args)),
      fundingInterval: gated((symbol: string) => history.fundingInterval(symbol)),
    },
  };
};
