import { usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';

/**
 * The place in a journal, from 0, that a reader names: its number, or `STREAM:SEQ` in an account, whose streams each count for themselves (`account` is its own). Throws a usage error for one that is not there.
 */
export const placeIn = (facts: readonly Fact[], named: string, of: string): number => {
  const [, stream, seq] = /^(.+):(\d+)$/.exec(named) ?? [];
  const place =
    stream !== undefined
      ? facts.findIndex(fact => fact.seq === Number(seq) && fact.strategy === (stream === 'account' ? '' : stream))
      : /^\d+$/.test(named) && Number(named) < facts.length
        ? Number(named)
        : -1;
  if (place >= 0) return place;
  throw usageError(
    'no-such-fact',
    `${of} has no fact ${named}: there are ${facts.length}, from 0 to ${facts.length - 1}.`,
    'Name one of them, or in an account one of a strategy’s stream as STRATEGY:SEQ.',
  );
};
