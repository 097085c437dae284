import { typedTime, type FactFilter } from './fact-filter.js';

/** What the address says of the journal that is looked at. */
export interface TypedFilter {
  readonly filter: FactFilter;
  /** Sentences about what was typed and is no time. */
  readonly wrong: { readonly from: string | null; readonly to: string | null };
}

const NO_TIME = 'Write 2026-05-01 or 2026-05-01 14:30, in UTC.';

/** Reads a filter from the words of an address; what is no time is left out and said. */
export const readFilter = (query: URLSearchParams): TypedFilter => {
  const [type, strategy, text] = ['type', 'strategy', 'text'].map(name => query.get(name) ?? undefined);
  const from = typedTime(query.get('from') ?? '');
  const to = typedTime(query.get('to') ?? '', true);
  return {
    filter: {
      ...(type !== undefined && { type }),
      ...(strategy !== undefined && { strategy: strategy === 'account' ? '' : strategy }),
      ...(text !== undefined && { text }),
      ...(typeof from === 'number' && { from }),
      ...(typeof to === 'number' && { to }),
    },
    wrong: { from: from === null ? NO_TIME : null, to: to === null ? NO_TIME : null },
  };
};
