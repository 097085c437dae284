import { VenueFailure } from '../venue-transport.js';
import { BadMessage } from './reading.js';
import type { Verdict } from './verdict.js';

/** An HTTP answer, as far as a verdict looks at it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The body as JSON; undefined when it is none. */
  readonly parsed: unknown;
}

/** What a venue's answer is read with. */
export interface AnswerReading {
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** The venue's error code and words in an answer; null when the answer is a good one. */
  readonly error: (parsed: object) => { readonly code: number; readonly message: string } | null;
  /** Clean of secrets. */
  readonly redact: (text: string) => string;
  /** Wall time, epoch ms. */
  readonly wall: () => number;
}

/** Wall time until which the venue wants no requests: from `Retry-After` (seconds), Bybit's reset time, or Binance's "banned until". Null when it does not say. */
const untilOf = ({ headers, body }: HttpAnswer, wall: number): number | null => {
  // ccxt writes the names of headers with capitals, other clients do not.
  const header = (wanted: string): number => Number(Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? NaN);
  const retryAfter = header('retry-after');
  if (Number.isFinite(retryAfter) && retryAfter >= 0) return wall + retryAfter * 1000;
  const banned = /banned until (\d{13})/.exec(body);
  if (banned !== null) return Number(banned[1]);
  const reset = header('x-bapi-limit-reset-timestamp');
  return Number.isFinite(reset) && reset > wall && reset < wall + 3_600_000 ? reset : null;
};

/** Min-notional, lot and price filters share Binance's code -1013: its words tell them apart. */
const filterCode = (message: string): string =>
  /notional/i.test(message)
    ? 'min-notional'
    : /percent|price.*(high|low|band)/i.test(message)
      ? 'price-band'
      : /price|tick/i.test(message)
        ? 'off-grid'
        : 'quantity';

/**
 * The failure in an answer by what may be concluded from it, or null when the answer is good. Whatever is not the venue's own JSON says nothing: a 5xx, an HTML page with status 200, an empty body.
 */
export const failureIn = (answer: HttpAnswer, { verdicts, error, redact, wall }: AnswerReading): VenueFailure | null => {
  const { status, parsed, body } = answer;
  const until = (): number | null => untilOf(answer, wall());
  const json = typeof parsed === 'object' && parsed !== null ? parsed : null;
  const said = json === null ? null : error(json);
  const words =
    said === null
      ? `HTTP ${status}, ${body.length} bytes${json === null ? ' that are no JSON' : ''}`
      : `${said.code} ${redact(said.message)}`;
  // Wherever it points to: it was not the venue that answered the question.
  if (status >= 300 && status < 400) return new VenueFailure('ambiguous', `http-${status}`, words, until());
  if (status === 429 || status === 418) return new VenueFailure('limited', status === 418 ? 'banned' : 'rate-limit', words, until());
  if (status >= 500) {
    const verdict = said === null ? undefined : verdicts.get(said.code);
    return verdict?.kind === 'clock' || verdict?.kind === 'limited'
      ? new VenueFailure(verdict.kind, verdict.code, words, until())
      : new VenueFailure('ambiguous', `http-${status}`, words, until());
  }
  if (said !== null) {
    const verdict = verdicts.get(said.code) ?? { kind: 'refused', code: said.code === -1013 ? filterCode(said.message) : 'rejected' };
    return new VenueFailure(
      verdict.kind,
      verdict.code,
      words,
      verdict.kind === 'limited' || verdict.kind === 'unavailable' ? until() : null,
    );
  }
  if (status === 403) return new VenueFailure('limited', 'firewall', words, until());
  if (status === 401) return new VenueFailure('unauthorised', 'key', words);
  if (status === 451) return new VenueFailure('unavailable', 'region', words);
  if (status === 408) return new VenueFailure('ambiguous', 'time-out', words);
  if (status === 404) return new VenueFailure('refused', 'unsupported', words);
  if (status >= 400 && json === null) return new VenueFailure('refused', `http-${status}`, words);
  if (status >= 400) return new VenueFailure('ambiguous', `http-${status}`, words);
  return json === null ? new VenueFailure('ambiguous', 'no-json', words) : null;
};

/** Words of a connection that was never made: the request cannot have reached anybody. */
const NEVER_LEFT = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|Connect Timeout|UND_ERR_CONNECT_TIMEOUT/i;

/** What an error that ccxt or the network threw comes to, where no answer was read. */
export const failureOf = (error: unknown, operation: string, redact: (text: string) => string): VenueFailure => {
  if (error instanceof VenueFailure) return error;
  if (error instanceof BadMessage) return new VenueFailure('ambiguous', 'bad-answer', `${operation}: ${redact(error.message)}`);
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NEVER_LEFT.test(message) || NEVER_LEFT.test(code))
    return new VenueFailure('unavailable', 'unreachable', `${operation}: the venue cannot be reached`);
  if (name === 'RequestTimeout' || name === 'TimeoutError' || name === 'AbortError')
    return new VenueFailure('ambiguous', 'time-out', `${operation}: no answer in time`);
  if (name === 'AuthenticationError' || name === 'PermissionDenied')
    return new VenueFailure('unauthorised', 'key', `${operation}: ${redact(message)}`);
  return new VenueFailure('ambiguous', 'connection', `${operation}: ${redact(message)}`);
};
