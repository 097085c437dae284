import { UserError } from '../../errors.js';
import type { Problem } from '../api/shapes.js';

/** Statuses of refusals that are not told by their exit code. */
const STATUS: Readonly<Record<string, number>> = {
  'not-logged-in': 401,
  'wrong-login': 401,
  'wrong-link': 401,
  'not-permitted': 403,
  'unknown-user': 403,
  'wrong-csrf': 403,
  'wrong-host': 403,
  'wrong-origin': 403,
  'not-found': 404,
  'wrong-method': 405,
  'too-long': 414,
  'too-many-attempts': 429,
  'too-many-streams': 429,
};

/** HTTP status of a refusal: 404 for what is not there, 400 for what was asked wrongly, 409 for what the state of things does not allow. */
export const statusOf = ({ code, exitCode }: UserError): number =>
  STATUS[code] ?? (exitCode === 2 ? (code.startsWith('unknown-') ? 404 : 400) : 409);

/** What a failed check of a library is called here: its own words may repeat what was sent. */
const SENTENCES: Readonly<Record<number, readonly [code: string, message: string, fix: string | null]>> = {
  400: ['bad-request', 'The request is not understood.', 'See /api/v1/openapi.json for what is taken.'],
  413: ['too-large', 'The request is larger than 256 kB.', null],
  414: ['too-long', 'The address is too long.', null],
  415: ['not-json', 'Only JSON is taken.', 'Send content-type: application/json.'],
  429: ['too-many-requests', 'There are too many requests from this address.', 'Wait a few seconds.'],
};

/** Status and body for whatever was thrown; `isDefect` when it is a defect of ours and has to be logged. */
export const problemOf = (error: unknown): { readonly status: number; readonly problem: Problem; readonly isDefect: boolean } => {
  if (error instanceof UserError) {
    const { code, message, fix } = error;
    return { status: statusOf(error), problem: { error: { code, message, fix: fix ?? null } }, isDefect: false };
  }
  const given = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (given >= 400 && given < 500) {
    const [code, message, fix] = SENTENCES[given] ?? ['bad-request', 'The request is not understood.', null];
    return { status: given, problem: { error: { code, message, fix } }, isDefect: false };
  }
  const problem = { error: { code: 'internal', message: 'The server failed. Its log says more.', fix: null } };
  return { status: 500, problem, isDefect: true };
};

/** As it is sent. What looks like a tag is escaped, should anything ever take the answer for a page. */
export const problemText = (problem: Problem): string =>
  JSON.stringify(problem).replace(/[<>&\u2028\u2029]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
