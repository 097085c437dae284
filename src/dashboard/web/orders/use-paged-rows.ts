import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isUnreachable, refusalOf, type Refusal } from '../state/api.js';
import { useFactTurn } from '../state/fact-turn.js';
import { withHead, withTail, type Keyed } from './keyed-rows.js';

/** A list that grows at its head and is read on at its tail. */
export interface PagedRows<T> {
  /** Null until the first page is there. */
  readonly value: readonly T[] | null;
  readonly error: Refusal | null;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly older: () => void;
  readonly refresh: () => void;
}

/** Rows that a page keeps; beyond them it goes back to the newest ones. */
const MOST_ROWS = 3000;

/** Asks for pages of a list, newest first, again whenever a fact of `types` came. `key` says what is asked: another key begins anew. */
export const usePagedRows = <T extends Keyed>(
  key: string,
  types: readonly string[],
  ask: (after: string | undefined, signal: AbortSignal) => Promise<{ readonly rows: readonly T[]; readonly next: string | null }>,
): PagedRows<T> => {
  const [state, setState] = useState<{ key: string; rows: readonly T[] | null; next: string | null; error: Refusal | null }>({
    key,
    rows: null,
    next: null,
    error: null,
  });
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  const [asked, setAsked] = useState(0);
  const turn = useFactTurn(types);
  const latest = useRef({ ask, key, state });
  latest.current = { ask, key, state };
  useEffect(() => {
    const stop = new AbortController();
    latest.current.ask(undefined, stop.signal).then(
      page =>
        setState(before => {
          const joined = before.key === key && before.rows !== null ? withHead(before.rows, page.rows) : null;
          return joined === null || joined.length > MOST_ROWS
            ? { key, rows: page.rows, next: page.next, error: null }
            : { ...before, rows: joined, error: null };
        }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const refusal = refusalOf(error);
        setState(before => {
          // Rows stay as they are while the server is away: the page says so already, and asks again when it is back.
          if (before.key === key && before.rows !== null && isUnreachable(refusal)) return before;
          return { ...(before.key === key ? before : { key, rows: null, next: null }), error: refusal };
        });
      },
    );
    return () => stop.abort();
  }, [key, turn, asked]);
  const older = useCallback(() => {
    const { next } = latest.current.state;
    if (next === null) return;
    setLoadingOlder(true);
    latest.current
      .ask(next, new AbortController().signal)
      .then(
        page =>
          setState(before =>
            before.key !== latest.current.key || before.next !== next
              ? before
              : { ...before, rows: withTail(before.rows ?? [], page.rows), next: page.next },
          ),
        (error: unknown) => setState(before => ({ ...before, error: refusalOf(error) })),
      )
      .finally(() => setLoadingOlder(false));
  }, []);
  const isOurs = state.key === key;
  return {
    value: isOurs ? state.rows : null,
    error: isOurs ? state.error : null,
    hasOlder: isOurs && state.next !== null,
    isLoadingOlder,
    older,
    refresh: useCallback(() => setAsked(n => n + 1), []),
  };
};
