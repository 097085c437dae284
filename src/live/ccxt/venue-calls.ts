import type { LiveClock } from '../live-clock.js';
import type { CcxtExchange } from './ccxt-exchange.js';
import { failureIn, failureOf, type AnswerReading } from './failure.js';
import type { VenueHttp } from './venue-http.js';

/** Parameters of a request: text as it is to be sent, or what JSON has. Undefined ones are left out. */
export type Params = Readonly<Record<string, string | number | boolean | undefined>>;

/** Requests to a venue that answer or fail with a `VenueFailure`. */
export interface VenueCalls {
  /** One request through ccxt's signing: its `api` section, HTTP method and path, and how its JSON is read. What cannot be read is `ambiguous`: it is no answer. */
  call<T>(api: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, params: Params, read: (answer: unknown) => T): Promise<T>;
  /** Work that calls ccxt's own methods, with the same failures. */
  within<T>(operation: string, work: () => Promise<T>): Promise<T>;
  /** Wall time as the venue has it: what requests are signed with. */
  venueTime(): number;
  /** Learns the clock's offset from the venue's time, which was asked for at one moment of the monotonic clock and answered at another. */
  learnTime(serverTime: number, askedAt: number, answeredAt: number): void;
}

/** The slowest answer that an offset is learned from; a slower one says too little. */
const SLOWEST_MS = 2000;

/**
 * Wraps a ccxt exchange. It signs requests and reads JSON; they are sent over `http`, without its own `fetch`. Every answer is judged here, instead of by ccxt: its own mapping drops codes and puts signed URLs into messages. Requests are signed with the venue's time counted on by the monotonic clock, so that a step of this
 * machine's clock does not spoil them.
 */
export const venueCalls = (exchange: CcxtExchange, http: VenueHttp, clock: LiveClock, reading: Omit<AnswerReading, 'wall'>): VenueCalls => {
  const judge: AnswerReading = { ...reading, wall: () => clock.wall() };
  let offset: number | null = null;
  const venueTime = (): number => Math.round(offset === null ? clock.wall() : clock.monotonic() + offset);
  exchange.nonce = venueTime;
  // As ccxt's own `fetch` sends them.
  const always = { 'User-Agent': exchange.userAgents['chrome'], 'Accept-Encoding': 'gzip, deflate, br' };
  exchange.fetch = async (url, method, headers, body) => {
    const answer = await http.send({
      url,
      method,
      headers: { ...always, ...headers },
      body: body === undefined || body === '' ? null : body,
    });
    const parsed = exchange.parseJson(answer.body.trim());
    const failure = failureIn({ ...answer, parsed }, judge);
    if (failure !== null) throw failure;
    return parsed;
  };
  const within = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failureOf(error, operation, reading.redact);
    }
  };
  return {
    call: (api, method, path, params, read) =>
      within(`${method} ${path}`, async () =>
        read(
          await exchange.request(path, api, method, Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))),
        ),
      ),
    within,
    venueTime,
    learnTime: (serverTime, askedAt, answeredAt) => {
      const took = answeredAt - askedAt;
      if (offset === null || took <= SLOWEST_MS) offset = serverTime + took / 2 - answeredAt;
    },
  };
};
