import type { LiveClock } from '../../live/live-clock.js';
import type { Life } from './life.js';
import type { MarketTime } from './market-time.js';
import type { VirtualTime } from './virtual-time.js';

/** A machine's idea of the time: it outlives the processes on it. */
export interface MachineTime {
  /** Wall time of the machine now. */
  wall(): number;
  /** The wall clock jumps by so many ms. */
  step(ms: number): void;
  /** From now on the wall clock gains so many ms in a true second (negative: loses). */
  drift(msPerSecond: number): void;
  /** Somebody sets it right. */
  correct(): void;
}

export const machineTime = (time: VirtualTime): MachineTime => {
  let offset = 0;
  let rate = 0;
  let since = time.now;
  const gained = (): number => offset + ((time.now - since) * rate) / 1000;
  return {
    wall: () => Math.round(time.now + gained()),
    step: ms => {
      offset += ms;
    },
    drift: msPerSecond => {
      offset = gained();
      since = time.now;
      rate = msPerSecond;
    },
    correct: () => {
      offset = 0;
      rate = 0;
      since = time.now;
    },
  };
};

/** The clock of a process on a machine. Its timers run on true time; its market time is the venue's. */
export const processClock = (time: VirtualTime, market: MarketTime, machine: MachineTime, life: Life): LiveClock => {
  const born = time.now;
  return {
    wall: () => machine.wall(),
    monotonic: () => time.now - born,
    market: () => market.now(),
    speed: market.speed,
    after: (wallMs, action) => life.deliver(time.now + Math.max(0, wallMs), action),
  };
};
