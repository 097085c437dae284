import type { CancelTimer } from '../../live-clock.js';
import { VenueFailure, type TransportEvent } from '../../venue-transport.js';
import { addressOf } from '../ccxt-exchange.js';
import { BadMessage, fieldsOf, parseVenueJson, text, type Fields } from '../reading.js';
import { venueSocket, type VenueSocket } from '../venue-socket.js';
import type { StreamPorts } from '../venue-streams.js';
import { binanceStreamUrl } from './binance-market-streams.js';
import { causeOf, readAlgoUpdate, readOrderUpdate } from './binance-orders.js';
import type { VenueParts } from '../venue-parts.js';

/** Events that repeat what others say, or are about products that are not traded. */
const NEEDLESS = new Set(['TRADE_LITE', 'STRATEGY_UPDATE', 'GRID_UPDATE']);

/** What a message of the private stream says. An execution comes before the order that it changed. Throws a `BadMessage` for what cannot be. */
export const readBinancePrivate = (value: unknown, parts: Pick<VenueParts, 'symbols' | 'identities'>): readonly TransportEvent[] => {
  const { symbols, identities } = parts;
  let message: Fields = fieldsOf(value);
  if (message['e'] === undefined && message['data'] !== undefined) message = fieldsOf(message['data']);
  const event = text(message, 'e');
  switch (event) {
    case 'ORDER_TRADE_UPDATE': {
      const { order, execution } = readOrderUpdate(message, fieldsOf(message['o'], 'order'), symbols);
      // An order that an algo order became answers to that one's id.
      const known = identities.find(order.venueId);
      if (known === undefined) identities.note(order.venueId, { clientId: order.clientId, cause: causeOf(order.clientId) });
      const clientId = known?.clientId ?? order.clientId;
      const told: TransportEvent = { event: 'order', order: { ...order, clientId } };
      return execution === null ? [told] : [{ event: 'execution', execution: { ...execution, clientId } }, told];
    }
    case 'ALGO_UPDATE': {
      const { order, actualId } = readAlgoUpdate(message, fieldsOf(message['o'], 'order'), symbols);
      if (actualId !== '') identities.note(actualId, { clientId: order.clientId, cause: 'order' });
      return [{ event: 'order', order }];
    }
    case 'ACCOUNT_UPDATE':
      return [{ event: 'account', reason: text(fieldsOf(message['a'], 'account'), 'm') }];
    case 'MARGIN_CALL':
    case 'ACCOUNT_CONFIG_UPDATE':
    case 'CONDITIONAL_ORDER_TRIGGER_REJECT':
      return [{ event: 'account', reason: event }];
    default:
      if (NEEDLESS.has(event)) return [];
      throw new BadMessage('unknown-event', `event ${event}`);
  }
};

export interface PrivateStream {
  /** Starts it, or makes its connection anew. */
  listen(): void;
  close(): void;
}

/** How often the listen key is renewed: it lives for an hour. */
export const RENEW_MS = 20 * 60_000;

/**
 * The private stream of Binance. Its key is ours to keep: renewed in time, replaced when the venue says that it expired or no longer knows it, and the connection made anew with it. ccxt 4.5.84 has no handler for `listenKeyExpired`.
 */
export const binancePrivateStream = (parts: VenueParts, ports: StreamPorts, renewMs: number): PrivateStream => {
  const { exchange, calls, clock } = parts;
  const { random, times, sink, onRaw, quarantine } = ports;
  let key = '';
  let down = false;
  let renewal: CancelTimer | null = null;

  const renew = async (): Promise<void> => {
    const renewed = key;
    try {
      await calls.call('fapiPrivate', 'PUT', 'listenKey', {}, () => null);
      schedule(renewMs);
    } catch (error) {
      if (error instanceof VenueFailure && error.kind !== 'ambiguous' && error.kind !== 'limited' && error.kind !== 'unavailable') {
        if (renewed !== key) return;
        // A connection that is being made with it is found out a moment later.
        if (socket.open) socket.renew('key-lost');
        else schedule(Math.min(renewMs, 1000));
      } else schedule(Math.min(renewMs, 30_000));
    }
  };
  const schedule = (ms: number): void => {
    renewal?.();
    renewal = clock.after(ms, () => void renew());
  };

  const socket: VenueSocket = venueSocket({
    clock,
    random: random.fork('private'),
    times,
    heartbeat: null,
    address: async () => {
      key = await calls.call('fapiPrivate', 'POST', 'listenKey', {}, answer => text(fieldsOf(answer), 'listenKey'));
      schedule(renewMs);
      return `${binanceStreamUrl(addressOf(exchange, 'ws', 'future'), 'private')}?listenKey=${encodeURIComponent(key)}`;
    },
    opened: () => {
      down = false;
      sink({ event: 'stream', channel: 'private', symbol: '', up: true, code: 'connected' });
    },
    lost: code => {
      renewal?.();
      renewal = null;
      // Said once an outage, however many attempts it takes.
      if (!down) sink({ event: 'stream', channel: 'private', symbol: '', up: false, code });
      down = true;
    },
    received: received => {
      onRaw('private', received);
      let said: readonly TransportEvent[] = [];
      try {
        const value = parseVenueJson(received);
        if (fieldsOf(value)['e'] === 'listenKeyExpired') return socket.renew('key-expired');
        said = readBinancePrivate(value, parts);
      } catch (error) {
        quarantine('private', error, received);
      }
      // Outside: what a listener throws is no fault of the message.
      for (const event of said) sink(event);
    },
  });

  return {
    listen: () => (socket.open ? socket.renew('relistened') : socket.start()),
    close: () => {
      renewal?.();
      renewal = null;
      socket.close();
    },
  };
};
