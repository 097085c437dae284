import type { Channel } from '../../events/session.js';
import type { TransportEvent } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';

/** How the private stream, requests and the clock stand; each change is a fact. */
export interface ConnectionWatch {
  hear(event: Extract<TransportEvent, { event: 'stream' }>): void;
  look(areRequestsFailing: boolean, isClockOff: boolean): void;
  /** Monotonic ms for which the private stream has been down; 0 while it is up. */
  readonly downFor: number;
}

/** `onBack`: the private stream is there again, and what happened meanwhile was not told. */
export const connectionWatch = (core: BrokerCore, onBack: () => void): ConnectionWatch => {
  const { clock } = core.ports;
  const states = new Map<Channel, 'live' | 'stale' | 'degraded' | 'down'>();
  let downSince = clock.monotonic();

  const change = (channel: Channel, state: 'live' | 'stale' | 'degraded' | 'down', code: string, text: string): void => {
    if (states.get(channel) === state) return;
    // A channel begins as live without a word.
    const isFirst = !states.has(channel) && state === 'live';
    states.set(channel, state);
    if (!isFirst) void core.record([{ type: 'ConnectionChanged', ts: core.now(), channel, symbol: '', state, code, text }]);
  };

  return {
    hear: ({ channel, up, code }) => {
      if (channel !== 'private') return;
      if (up) {
        downSince = Infinity;
        change('private', 'live', code, 'account events flow');
        onBack();
        return;
      }
      if (downSince === Infinity) downSince = clock.monotonic();
      change('private', 'down', code, 'no account events');
    },
    look: (areRequestsFailing, isClockOff) => {
      change(
        'requests',
        areRequestsFailing ? 'degraded' : 'live',
        areRequestsFailing ? 'no-answers' : 'answers',
        areRequestsFailing ? 'requests have no answer' : 'requests are answered',
      );
      change(
        'clock',
        isClockOff ? 'stale' : 'live',
        isClockOff ? 'apart' : 'together',
        isClockOff ? 'our clock and the venue’s are apart' : 'our clock and the venue’s agree',
      );
    },
    get downFor() {
      return downSince === Infinity ? 0 : Math.max(0, clock.monotonic() - downSince);
    },
  };
};
