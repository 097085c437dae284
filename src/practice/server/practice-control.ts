import type { PracticeExchange } from '../practice-exchange.js';
import { perform, type Act } from './act.js';
import type { FaultInput } from './fault.js';
import type { Fault, FaultBoard } from './fault-board.js';
import type { Front } from './front.js';
import type { ClockState, MarketClock } from './market-clock.js';
import { truthOf, type Truth } from './truth.js';
import type { WirePort } from './wire-port.js';

/** The state of the server, as `GET /state` gives it. */
export interface PracticeState extends ClockState {
  readonly venue: string;
  readonly accounts: readonly string[];
  readonly symbols: readonly string[];
  /** Length of the shortest bars, ms. */
  readonly barMs: number;
  readonly bites: Readonly<Record<string, number>>;
  readonly sentWhileBanned: number;
}

/** Everything that can be done to the server from outside the venue's own interface. The control port offers the same over HTTP. */
export interface PracticeControl {
  state(): PracticeState;
  truth(account: string): Truth;
  acknowledge(client: string, upTo: number): void;
  forget(client: string): void;
  setSpeed(speed: number): void;
  pause(paused: boolean): void;
  addFault(input: FaultInput): Fault;
  faults(): readonly Fault[];
  clearFaults(id: number | null): void;
  act(what: Act): void;
}

export interface PracticeControlOptions {
  readonly exchange: PracticeExchange;
  readonly front: Front;
  readonly wire: WirePort;
  readonly faults: FaultBoard;
  readonly clock: MarketClock;
  readonly accounts: readonly string[];
  readonly barMs: number;
}

/** The controls of a server that runs. */
export const practiceControl = ({ exchange, front, wire, faults, clock, accounts, barMs }: PracticeControlOptions): PracticeControl => {
  const counters = () => ({ bites: faults.bites(), sentWhileBanned: front.sentWhileBanned });
  return {
    state: () => {
      clock.catchUp();
      const symbols = exchange.markets().map(({ instrument }) => instrument.symbol);
      return { ...clock.state(), venue: front.venue, accounts, symbols, barMs, ...counters() };
    },
    truth: account => {
      clock.catchUp();
      return truthOf(exchange, account, counters());
    },
    acknowledge: (client, upTo) => clock.acknowledge(client, upTo),
    forget: client => clock.forget(client),
    setSpeed: speed => clock.setSpeed(speed),
    pause: paused => clock.pause(paused),
    addFault: input => {
      const fault = faults.add(input);
      const { spec, id } = fault;
      const once = (): void => {
        if (spec.kind === 'close-sockets') faults.count(id, wire.closeSockets(spec.account ?? null, spec.stream ?? null, spec.code));
        if (spec.kind === 'expire-streams') faults.count(id, front.expireStreams(spec.account ?? null));
      };
      if (spec.afterMs > 0) setTimeout(once, spec.afterMs).unref();
      else once();
      return faults.list().find(each => each.id === id) ?? fault;
    },
    faults: () => faults.list(),
    clearFaults: id => faults.clear(id),
    act: what => {
      clock.catchUp();
      perform(exchange, what);
    },
  };
};
