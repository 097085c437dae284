import type { FactLine } from '../../api/accounts-api.js';

/** What of a journal is looked at; undefined is everything. Times are epoch ms of market time, `from` and including, `to` and excluding. */
export interface FactFilter {
  readonly type?: string;
  readonly strategy?: string;
  readonly text?: string;
  readonly from?: number;
  readonly to?: number;
}

/** Whether a fact from the stream belongs to what is looked at, as far as that can be said here: a text is searched by the server alone, so that there is one rule for it. */
export const belongs = ({ type, strategy, from, to }: FactFilter, fact: FactLine): boolean =>
  (type === undefined || fact.type === type) &&
  (strategy === undefined || fact.strategy === strategy) &&
  (from === undefined || fact.ts >= from) &&
  (to === undefined || fact.ts < to);

/** `2026-05-01`, `2026-05-01 14:30` or with seconds, in UTC; undefined for an empty text, null for what is no time. A day alone as an end is the end of that day. */
export const typedTime = (typed: string, isEnd = false): number | undefined | null => {
  const text = typed.trim();
  if (text === '') return undefined;
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)Z?)?$/.exec(text) ?? [];
  if (day === undefined) return null;
  const at = Date.parse(`${day}T${time ?? '00:00'}Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) return null;
  return time === undefined && isEnd ? at + 86_400_000 : at;
};
