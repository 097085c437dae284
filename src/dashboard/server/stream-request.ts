import { z } from 'zod';
import { Asking, Name, SymbolName } from '../api/shapes.js';
import type { StreamTopic } from '../api/stream.js';
import { checkedInput } from './checked-input.js';

/** What a page wants to hear. */
export interface StreamRequest {
  readonly account: string | null;
  readonly symbol: string | null;
  readonly topics: readonly StreamTopic[];
  /** Facts behind this position; null for those to come. */
  readonly after: number | null;
  /** Where a browser that was cut off stands. */
  readonly lastEventId: string | null;
}

const TOPICS = ['facts', 'account', 'market', 'jobs', 'accounts'] as const satisfies readonly StreamTopic[];

export const StreamQuery = z.strictObject({
  account: Name.optional(),
  topics: z
    .string()
    .max(100)
    .transform(text => text.split(','))
    .pipe(z.array(z.enum(TOPICS)).min(1)),
  symbol: SymbolName.optional(),
  after: Asking.int().min(0).optional(),
});

/** Throws `bad-input`. */
export const streamRequest = (query: unknown, lastEventId: string | undefined): StreamRequest => {
  const { account = null, symbol = null, topics, after = null } = checkedInput(StreamQuery, 'query', query);
  return { account, symbol, topics, after, lastEventId: lastEventId === undefined || lastEventId === '' ? null : lastEventId };
};
