import { useCallback, useRef, useState } from 'preact/hooks';
import { refusalOf, type Refusal } from '../state/api.js';
import { useAsked, type Heard } from '../state/asked.js';
import { useFactTurn } from '../state/fact-turn.js';
import { epoch } from '../state/stream.js';
import { withHead, withTail, type Keyed, type RowsPage } from './keyed-rows.js';

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

/** Asks for pages of a list, newest first, again whenever a fact of `types` came. `what` says what is asked: another one, or another journal, begins anew. */
export const usePagedRows = <T extends Keyed>(
  what: string,
  types: readonly string[],
  ask: (after: string | undefined, signal: AbortSignal) => Promise<RowsPage<T>>,
): PagedRows<T> => {
  const key = `${epoch.value} ${what}`;
  const { heard, setHeard, refresh } = useAsked(key, useFactTurn(types), signal => ask(undefined, signal), withHead);
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  const latest = useRef({ ask, heard });
  latest.current = { ask, heard };
  const older = useCallback(() => {
    const { key: asked, value } = latest.current.heard;
    const next = value?.next ?? null;
    if (next === null) return;
    setLoadingOlder(true);
    /** What comes late, when another list is shown or it was begun anew, is for nobody. */
    const change = (to: (page: RowsPage<T>) => Partial<Heard<RowsPage<T>>>): void =>
      setHeard(before => (before.key === asked && before.value?.next === next ? { ...before, ...to(before.value) } : before));
    latest.current
      .ask(next, new AbortController().signal)
      .then(
        page => change(shown => ({ value: withTail(shown, page) })),
        (error: unknown) => change(() => ({ error: refusalOf(error) })),
      )
      .finally(() => setLoadingOlder(false));
  }, []);
  return {
    value: heard.value?.rows ?? null,
    error: heard.error,
    hasOlder: heard.value !== null && heard.value.next !== null,
    isLoadingOlder,
    older,
    refresh,
  };
};
