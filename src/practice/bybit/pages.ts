import { DAY } from '../../time.js';
import { paramsError } from './bybit-error.js';
import type { Params } from './params.js';

const WEEK = 7 * DAY;

/** The stretch of a list: a week at most, the last one when neither end is named. Throws 10001 for a longer one. */
export const stretchOf = (params: Params, now: number): readonly [from: number, to: number] => {
  const from = params.number('startTime');
  const to = params.number('endTime');
  if (from !== undefined && to !== undefined && to - from > WEEK)
    throw paramsError('The time range between startTime and endTime cannot exceed 7 days');
  if (from !== undefined) return [from, to ?? from + WEEK];
  return to === undefined ? [now - WEEK, now] : [to - WEEK, to];
};

/** A page of rows that are given oldest first, newest first as the venue has it. The cursor counts from the oldest, so that what is added meanwhile moves no page. */
export const page = <T>(
  rows: readonly T[],
  params: Params,
  usual: number,
  most: number,
): { readonly rows: readonly T[]; readonly nextPageCursor: string } => {
  const limit = Math.max(1, Math.min(params.number('limit') ?? usual, most));
  const cursor = /^before:(\d+)$/.exec(decodeURIComponent(params.text('cursor') ?? ''));
  if (params.text('cursor') !== undefined && cursor === null) throw paramsError('cursor invalid');
  const end = cursor === null ? rows.length : Math.min(rows.length, Number(cursor[1]));
  const start = Math.max(0, end - limit);
  return { rows: rows.slice(start, end).reverse(), nextPageCursor: start > 0 ? `before%3A${start}` : '' };
};
