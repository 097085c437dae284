import { WebSocket } from 'ws';
import type { Random } from '../../random.js';
import type { CancelTimer, LiveClock } from '../live-clock.js';

/** Times of a connection, wall ms. */
export interface SocketTimes {
  /** A connection that is not there after so long is given up. */
  readonly connectMs: number;
  /** The other side is asked for a sign of life this often; without one for twice as long the connection is dead. */
  readonly keepAliveMs: number;
  /** First wait before a new attempt; it doubles to `backoffMaxMs`, with half of it left to chance. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
}

export interface SocketOptions {
  readonly clock: LiveClock;
  readonly random: Random;
  readonly times: SocketTimes;
  /** Where to connect: asked anew for each attempt. It may fail. */
  readonly address: () => Promise<string>;
  /** The venue's own ping, where it wants one above the protocol's. */
  readonly heartbeat: string | null;
  /** Connected; what is said next is up to the caller. */
  readonly opened: () => void;
  readonly received: (text: string) => void;
  /** A connection that was open is gone, or an attempt failed. */
  readonly lost: (code: string) => void;
}

/** A websocket that comes back. */
export interface VenueSocket {
  /** False when there is no connection to send on. */
  send(text: string): boolean;
  /** Connects, if it does not already. */
  start(): void;
  /** Drops the connection, and makes a new one at once. */
  renew(code: string): void;
  /** Gives it up for good. */
  close(): void;
  readonly open: boolean;
}

const LARGEST_MESSAGE = 32 * 1024 * 1024;

/** ccxt's own streams are not used: they do not say when they reconnect, keep the closed flag and the ids of messages to themselves, wait for ever on an expired listen key, and notice a dead connection after nine minutes. */
export const venueSocket = ({ clock, random, times, address, heartbeat, opened, received, lost }: SocketOptions): VenueSocket => {
  let socket: WebSocket | null = null;
  let ready = false;
  let closed = false;
  let attempts = 0;
  // A late answer to an attempt that was given up must not open a second connection.
  let attempt = 0;
  let heardAt = 0;
  let openedAt = 0;
  let timer: CancelTimer | null = null;
  let watch: CancelTimer | null = null;

  const forget = (): void => {
    timer?.();
    watch?.();
    timer = watch = null;
    ready = false;
    attempt++;
    const old = socket;
    socket = null;
    if (old === null) return;
    old.removeAllListeners();
    // A connection that is ended while it is being made says so by an error.
    old.on('error', () => {});
    old.terminate();
  };

  const again = (code: string, soon: boolean): void => {
    const wasReady = ready;
    if (wasReady && clock.monotonic() - openedAt > times.backoffMaxMs) attempts = 0;
    forget();
    if (closed) return;
    const full = Math.min(times.backoffMaxMs, times.backoffMs * (1 << Math.min(attempts, 16)));
    attempts++;
    lost(code);
    if (closed || timer !== null || socket !== null) return;
    timer = clock.after(soon ? 0 : Math.round(full / 2 + (full / 2) * random.next()), () => {
      timer = null;
      void connect();
    });
  };

  const keepAlive = (): void => {
    watch = clock.after(times.keepAliveMs, () => {
      if (clock.monotonic() - heardAt > 2 * times.keepAliveMs) return again('silent', false);
      if (heartbeat !== null) socket?.send(heartbeat);
      socket?.ping();
      keepAlive();
    });
  };

  const connect = async (): Promise<void> => {
    const mine = ++attempt;
    timer = clock.after(times.connectMs, () => again('connect-time-out', false));
    let url: string;
    try {
      url = await address();
    } catch {
      if (mine === attempt) again('no-address', false);
      return;
    }
    if (mine !== attempt || closed) return;
    const made = new WebSocket(url, { perMessageDeflate: false, maxPayload: LARGEST_MESSAGE, followRedirects: false });
    socket = made;
    made.on('open', () => {
      timer?.();
      timer = null;
      ready = true;
      openedAt = heardAt = clock.monotonic();
      keepAlive();
      opened();
    });
    made.on('message', data => {
      heardAt = clock.monotonic();
      received(
        Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString(),
      );
    });
    made.on('ping', () => (heardAt = clock.monotonic()));
    made.on('pong', () => (heardAt = clock.monotonic()));
    made.on('error', () => {});
    made.on('close', code => again(`closed-${code}`, false));
  };

  return {
    send: text => {
      if (!ready || socket === null) return false;
      socket.send(text);
      return true;
    },
    start: () => {
      if (closed || socket !== null || timer !== null) return;
      void connect();
    },
    renew: code => {
      if (ready) return again(code, clock.monotonic() - openedAt > times.backoffMs);
      if (!closed && socket === null && timer === null) void connect();
    },
    close: () => {
      closed = true;
      forget();
    },
    get open() {
      return ready;
    },
  };
};
