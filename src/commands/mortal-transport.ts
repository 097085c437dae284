import { VenueFailure, type VenueTransport } from '../live/venue-transport.js';

/** A connection that can be cut as it is cut when its process dies: nothing is said any more, nobody is told, and nothing is taken back. */
export interface MortalTransport {
  readonly transport: VenueTransport;
  /** Whether the venue's own timer has been wound up and not been taken off since; null where the venue has none. */
  readonly isWound: boolean | null;
  /** Resolves when the streams are closed; no request passes from the moment of the call on. */
  die(): Promise<void>;
}

/** Alive. */
export const mortalTransport = (inner: VenueTransport): MortalTransport => {
  let isDead = false;
  let isWound: boolean | null = false;
  const mortal =
    <A extends readonly unknown[], T>(send: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (isDead) throw new VenueFailure('unavailable', 'dead', 'this connection was cut for a rehearsal');
      return send(...args);
    };
  const { history } = inner;
  const transport: VenueTransport = {
    venue: inner.venue,
    receiveWindowMs: inner.receiveWindowMs,
    open: sink =>
      inner.open(event => {
        if (!isDead) sink(event);
      }),
    close: () => (isDead ? Promise.resolve() : inner.close()),
    markets: mortal(() => inner.markets()),
    serverTime: mortal(() => inner.serverTime()),
    permissions: mortal(() => inner.permissions()),
    submit: mortal((request: Parameters<VenueTransport['submit']>[0]) => inner.submit(request)),
    cancel: mortal((order: Parameters<VenueTransport['cancel']>[0]) => inner.cancel(order)),
    amend: mortal((...args: Parameters<VenueTransport['amend']>) => inner.amend(...args)),
    cancelAll: mortal((...args: Parameters<VenueTransport['cancelAll']>) => inner.cancelAll(...args)),
    cancelAllAfter: mortal(async (...args: Parameters<VenueTransport['cancelAllAfter']>) => {
      const isTaken = await inner.cancelAllAfter(...args);
      isWound = isTaken ? args[1] > 0 : null;
      return isTaken;
    }),
    order: mortal((...args: Parameters<VenueTransport['order']>) => inner.order(...args)),
    openOrders: mortal((...args: Parameters<VenueTransport['openOrders']>) => inner.openOrders(...args)),
    executions: mortal((...args: Parameters<VenueTransport['executions']>) => inner.executions(...args)),
    positions: mortal(() => inner.positions()),
    balances: mortal(() => inner.balances()),
    income: mortal((since: number) => inner.income(since)),
    setLeverage: mortal((...args: Parameters<VenueTransport['setLeverage']>) => inner.setLeverage(...args)),
    setMarginMode: mortal((...args: Parameters<VenueTransport['setMarginMode']>) => inner.setMarginMode(...args)),
    positionMode: mortal(() => inner.positionMode()),
    setPositionMode: mortal((hedge: boolean) => inner.setPositionMode(hedge)),
    subscribe: subscriptions => {
      if (!isDead) inner.subscribe(subscriptions);
    },
    resubscribe: subscription => {
      if (!isDead) inner.resubscribe(subscription);
    },
    listen: () => {
      if (!isDead) inner.listen();
    },
    history: {
      bars: mortal((...args: Parameters<typeof history.bars>) => history.bars(...args)),
      funding: mortal((...args: Parameters<typeof history.funding>) => history.funding(...args)),
      openInterest: mortal((...args: Parameters<typeof history.openInterest>) => history.openInterest(...args)),
      referenceBars: mortal((...args: Parameters<typeof history.referenceBars>) => history.referenceBars(...args)),
      trades: mortal((...args: Parameters<typeof history.trades>) => history.trades(...args)),
      fundingInterval: mortal((symbol: string) => history.fundingInterval(symbol)),
    },
  };
  return {
    transport,
    get isWound() {
      return isWound;
    },
    die: async () => {
      isDead = true;
      await inner.close();
    },
  };
};
