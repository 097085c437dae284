import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PracticeAccount, PracticeKeys } from '../server/practice-keys.js';
import type { WireRequest } from '../server/front.js';
import { BinanceError } from './binance-error.js';

/** The longest and the usual time for which a request may be under way, ms. */
const LONGEST_WINDOW = 60_000;
const USUAL_WINDOW = 5000;
/** How far ahead of the venue's clock a time stamp may be. */
const AHEAD = 1000;

const unsigned = (text: string): string => text.replace(/(^|&)signature=[^&]*/, '').replace(/^&/, '');

/** The account of a request by its API key. Throws -2014 for what is no key and -2015 for an unknown one. */
export const keyHolder = (request: WireRequest, keys: PracticeKeys): PracticeAccount => {
  const key = request.headers['x-mbx-apikey'];
  if (key === undefined || key === '') throw new BinanceError(-2014, 'API-key format invalid.', 401);
  const account = keys.find(key);
  if (account === undefined) throw new BinanceError(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
  return account;
};

/** Checks key, time stamp and signature (HMAC SHA-256 over the query and the body as they were sent). Throws in the venue's words. */
export const signedBy = (request: WireRequest, params: ReadonlyMap<string, string>, keys: PracticeKeys, wall: number): PracticeAccount => {
  const account = keyHolder(request, keys);
  const stamp = params.get('timestamp');
  const given = params.get('signature');
  if (stamp === undefined || !/^\d+$/.test(stamp))
    throw new BinanceError(-1102, "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.");
  if (given === undefined) throw new BinanceError(-1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.");
  const window = Number(params.get('recvWindow') ?? USUAL_WINDOW);
  if (!(window <= LONGEST_WINDOW)) throw new BinanceError(-1131, 'recvWindow must be less than 60000');
  const at = Number(stamp);
  if (at > wall + AHEAD) throw new BinanceError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (wall - at > window) throw new BinanceError(-1021, 'Timestamp for this request is outside of the recvWindow.');
  const expected = createHmac('sha256', account.secret)
    .update(unsigned(request.query) + unsigned(request.body))
    .digest();
  const actual = Buffer.from(given, 'hex');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
    throw new BinanceError(-1022, 'Signature for this request is not valid.');
  return account;
};
