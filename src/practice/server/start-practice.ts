import type { PracticeExchange } from '../practice-exchange.js';
import { controlPort } from './control-port.js';
import type { FaultInput } from './fault.js';
import { faultBoard } from './fault-board.js';
import type { FrontFactory } from './front.js';
import { marketClock } from './market-clock.js';
import { practiceControl, type PracticeControl } from './practice-control.js';
import { practiceKeys, type PracticeAccount } from './practice-keys.js';
import { wirePort } from './wire-port.js';

/** How often keep-alive and dead man's timers are looked at, wall ms. */
const TICK_MS = 20;

export interface PracticeOptions {
  readonly exchange: PracticeExchange;
  /** The venue whose interface it speaks, e.g. `binanceFront()`. */
  readonly front: FrontFactory;
  readonly accounts: readonly PracticeAccount[];
  /** Length of the shortest bars, ms. */
  readonly barMs: number;
  /** Market milliseconds in one wall millisecond; 1 by default. */
  readonly speed?: number;
  /** The market stands until `control.pause(false)`. */
  readonly paused?: boolean;
  /** Ports on 127.0.0.1; a free one by default. */
  readonly port?: number;
  readonly controlPort?: number;
  /** Of the faults' chances. */
  readonly seed?: number;
  /** In force from the start. */
  readonly faults?: readonly FaultInput[];
}

/** A practice exchange that runs. */
export interface PracticeServer {
  readonly venue: string;
  /** `http://127.0.0.1:PORT`: replaces the scheme and host of the venue's REST addresses. */
  readonly rest: string;
  /** `ws://127.0.0.1:PORT`, likewise. */
  readonly ws: string;
  /** The control port's address. */
  readonly controlUrl: string;
  readonly control: PracticeControl;
  readonly accounts: readonly PracticeAccount[];
  /** Resolves when the data has ended or the server was closed. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Opens the accounts, the venue's port and the control port, all on loopback, and lets the market run. Throws when a port is taken. */
export const startPractice = async (options: PracticeOptions): Promise<PracticeServer> => {
  const { exchange, accounts, barMs, speed = 1, paused = false, seed = 1 } = options;
  const steady = (): number => performance.now();
  const faults = faultBoard(seed, steady);
  for (const { name, wallet } of accounts) exchange.openAccount(name, wallet);
  const front = options.front({ exchange, keys: practiceKeys(accounts), wall: () => Date.now() + faults.clockError(), steady });
  const clock = marketClock({ exchange, speed, barMs, paused });
  const wire = await wirePort({ front, faults, port: options.port ?? 0, catchUp: () => clock.catchUp() });
  const names = accounts.map(({ name }) => name);
  const control = practiceControl({ exchange, front, wire, faults, clock, accounts: names, barMs });
  for (const fault of options.faults ?? []) control.addFault(fault);
  const controls = await controlPort(control, options.controlPort ?? 0);
  let end = (): void => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  clock.onChange(state => {
    controls.tell({ type: 'clock', state });
    if (state.finished) end();
  });
  const deafen = exchange.listen(event => {
    if (event.event !== 'market') controls.tell({ type: 'event', event });
  }, []);
  const ticks = setInterval(() => front.tick(), TICK_MS);
  return {
    venue: front.venue,
    rest: `http://127.0.0.1:${wire.port}`,
    ws: `ws://127.0.0.1:${wire.port}`,
    controlUrl: `http://127.0.0.1:${controls.port}`,
    control,
    accounts,
    ended,
    close: async () => {
      clearInterval(ticks);
      clock.close();
      deafen();
      front.close();
      await Promise.all([wire.close(), controls.close()]);
      end();
    },
  };
};
