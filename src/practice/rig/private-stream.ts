import type { TransportEvent } from '../../live/venue-transport.js';
import type { Random } from '../../random.js';
import type { PracticeEvent } from '../practice-exchange.js';
import { inFeeAsset } from './fee-asset.js';
import { hostileExecution } from './hostile.js';
import type { Life } from './life.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';
import type { Weather } from './weather.js';

export interface PrivateStreamOptions {
  readonly account: string;
  readonly time: VirtualTime;
  readonly life: Life;
  readonly random: Random;
  readonly weather: Weather;
  readonly tally: Tally;
  readonly latency: () => number;
  readonly sink: (event: TransportEvent) => void;
}

/** The account's event stream of one process: what the exchange says while it is not open is never told. */
export interface PrivateStream {
  connect(): void;
  hear(event: PracticeEvent): void;
  cut(code: string, seen: boolean): void;
}

const RETRY_MS = 2000;

export const privateStream = ({ account, time, life, random, weather, tally, latency, sink }: PrivateStreamOptions): PrivateStream => {
  let connection = 0;
  let isOpen = false;
  /** Events leave in order: none before this. */
  let lastAt = -Infinity;

  const tell = (at: number, event: TransportEvent): void => {
    life.deliver(at, () => {
      if (life.pass(`event:${event.event}`)) sink(event);
    });
  };
  const send = (event: TransportEvent): void => {
    if (weather.omitEvent > 0 && random.next() < weather.omitEvent) {
      tally.count('event:omitted');
      return;
    }
    let told: TransportEvent =
      event.event === 'execution' ? { event: event.event, execution: inFeeAsset(event.execution, weather) } : event;
    if (weather.hostile > 0 && told.event === 'execution' && random.next() < weather.hostile) {
      const { kind, execution } = hostileExecution(told.execution, random);
      tally.count(`hostile:${kind}`);
      told = { event: 'execution', execution };
    }
    if (weather.lateEvent > 0 && random.next() < weather.lateEvent) {
      tally.count('event:late');
      // Most are a little late, some very.
      const share = random.next();
      tell(time.now + latency() + weather.lateMs * share * share * share, told);
    } else {
      lastAt = Math.max(lastAt, time.now + latency());
      tell(lastAt, told);
    }
    if (weather.duplicateEvent > 0 && random.next() < weather.duplicateEvent) {
      const more = 1 + random.int(4);
      tally.count('event:duplicated', more);
      for (let k = 0; k < more; k++) tell(time.now + latency() + weather.lateMs * random.next() * random.next() * 0.1, told);
    }
  };
  const connect = (): void => {
    connection++;
    const mine = connection;
    isOpen = false;
    life.deliver(time.now + 2 * latency(), () => {
      if (mine !== connection) return;
      if (time.now < weather.unreachableUntil || time.now < weather.outageUntil || time.now < weather.banUntil) {
        life.deliver(time.now + RETRY_MS, () => {
          if (mine === connection) connect();
        });
        return;
      }
      isOpen = true;
      tally.count('private:up');
      tell(time.now, { event: 'stream', channel: 'private', symbol: '', up: true, code: 'open' });
    });
  };
  return {
    connect,
    cut: (code, seen) => {
      if (!isOpen) return;
      isOpen = false;
      tally.count(`private:${code}`);
      if (!seen) return;
      tell(time.now + latency(), { event: 'stream', channel: 'private', symbol: '', up: false, code });
      const mine = connection;
      life.deliver(time.now + RETRY_MS * (0.5 + random.next()), () => {
        if (mine === connection) connect();
      });
    },
    hear: event => {
      if (event.event === 'market' || event.account !== account) return;
      if (!isOpen) {
        tally.count('event:while-down');
        return;
      }
      if (time.now < weather.privateSilentUntil || time.now < weather.unreachableUntil) {
        tally.count('event:while-silent');
        return;
      }
      if (event.event === 'order') {
        const orderFirst = random.next() < 0.5;
        if (orderFirst) send({ event: 'order', order: event.order });
        if (event.execution !== null) send({ event: 'execution', execution: event.execution });
        if (!orderFirst) send({ event: 'order', order: event.order });
      } else send({ event: 'account', reason: event.event === 'account' ? event.reason : 'SETTINGS' });
    },
  };
};
