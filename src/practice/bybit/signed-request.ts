import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WireRequest } from '../server/front.js';
import type { PracticeAccount, PracticeKeys } from '../server/practice-keys.js';
import { BybitError } from './bybit-error.js';

/** How long a request may be under way when it does not say, ms. */
const USUAL_WINDOW = 5000;
/** How far ahead of the venue's clock a time stamp may be, ms. */
const AHEAD = 1000;

/** Whether a signature (HMAC SHA-256, hex) is that of the text. */
const isSignature = (secret: string, text: string, given: string): boolean => {
  const expected = createHmac('sha256', secret).update(text).digest();
  const actual = Buffer.from(given, 'hex');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
};

/** Checks key, time stamp and signature, which is made over time stamp, key, window and the query or body as it was sent. Throws in the venue's words. */
export const signedBy = ({ method, query, body, headers }: WireRequest, keys: PracticeKeys, wall: number): PracticeAccount => {
  const key = headers['x-bapi-api-key'] ?? '';
  const account = keys.find(key);
  if (account === undefined) throw new BybitError(10003, 'API key is invalid.', key === '' ? 401 : 200);
  const stamp = headers['x-bapi-timestamp'] ?? '';
  const asked = headers['x-bapi-recv-window'] ?? '';
  const window = asked === '' ? USUAL_WINDOW : Number(asked);
  const at = /^\d+$/.test(stamp) ? Number(stamp) : NaN;
  if (!(at < wall + AHEAD && at >= wall - window))
    throw new BybitError(
      10002,
      `invalid request, please check your server timestamp or recv_window param. req_timestamp[${stamp}],server_timestamp[${wall}],recv_window[${window}]`,
    );
  if (!isSignature(account.secret, `${stamp}${key}${asked}${method === 'POST' ? body : query}`, headers['x-bapi-sign'] ?? ''))
    throw new BybitError(10004, 'error sign! please check your signature generation algorithm.');
  return account;
};

/** The account that a private stream is opened for by the arguments of `auth`: key, expiry and signature. Throws in the venue's words. */
export const authorisedBy = (args: readonly unknown[], keys: PracticeKeys, wall: number): PracticeAccount => {
  const [key, expires, signature] = args.map(String);
  const account = keys.find(key ?? '');
  if (account === undefined) throw new BybitError(10003, 'Invalid apikey');
  if (!(Number(expires) > wall)) throw new BybitError(10002, 'Params Error: expires has passed');
  if (!isSignature(account.secret, `GET/realtime${expires ?? ''}`, signature ?? '')) throw new BybitError(10004, 'Invalid sign');
  return account;
};
