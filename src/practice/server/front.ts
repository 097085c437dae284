import type { PracticeExchange } from '../practice-exchange.js';
import type { PracticeKeys } from './practice-keys.js';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** As sent, still encoded, without the question mark: signatures are made over these very letters. */
  readonly query: string;
  readonly body: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Which stream a message belongs to, for the faults that name one. */
export interface StreamLabel {
  /** As the venue names it: `btcusdt@kline_1m`; `user` for what concerns an account. */
  readonly stream: string;
  /** Null for public data. */
  readonly account: string | null;
}

/** One websocket connection as a front sees it. What is sent passes through the faults. */
export interface WireSocket {
  readonly path: string;
  readonly query: string;
  send(text: string, label: StreamLabel): void;
  /** An answer to the client's own message: no fault of a stream meets it. */
  reply(text: string): void;
  close(code: number, reason: string): void;
}

/** What a front does with one connection. */
export interface SocketSession {
  /** The account whose events it carries; null for market data, and for a client that has not shown its key yet. */
  readonly account: string | null;
  receive(text: string): void;
  closed(): void;
}

/** What a front is built over. */
export interface FrontContext {
  readonly exchange: PracticeExchange;
  readonly keys: PracticeKeys;
  /** The venue's clock: wall time, with whatever fault it suffers from. Signatures and windows are judged by it. */
  readonly wall: () => number;
  /** Milliseconds that no fault touches and that never run back, for rate limits and keep-alive. */
  readonly steady: () => number;
}

/**
 * One venue's wire format over the practice exchange: paths, signatures, limits, shapes of answers and of streams. It knows nothing of clocks that move the market, of faults or of sockets: the
 * server has those, the same for every venue.
 */
export interface Front {
  readonly venue: string;
  /** Whose key came along, without a look at the signature; null for none or an unknown one. */
  accountOf(request: WireRequest): string | null;
  answer(request: WireRequest): WireAnswer;
  /** Null: there is nothing to connect to at this path. */
  open(socket: WireSocket): SocketSession | null;
  /** The private streams of the account (of all when null) run out as if nobody had kept them alive. Returns how many did. */
  expireStreams(account: string | null): number;
  /** The venue's own words for a trouble: what a fault answers with when it is given no body. */
  trouble(status: number): string;
  /** Called every few wall milliseconds: keep-alive and dead man's timers run out here. */
  tick(): void;
  /** Requests that came while their sender was banned for its rate, ever. */
  readonly sentWhileBanned: number;
  close(): void;
}

/** Makes a front. */
export type FrontFactory = (context: FrontContext) => Front;
