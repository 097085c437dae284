import { effect, untracked } from '@preact/signals';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { FactLine } from '../../api/accounts-api.js';
import type { QueryOf } from '../../api/endpoints.js';
import { call, isUnreachable, refusalOf, type Refusal } from '../state/api.js';
import { begun, epoch, onFacts, reconnects } from '../state/stream.js';
import { belongs, type FactFilter } from './fact-filter.js';
import { EMPTY_WINDOW, newestPosition, oldestPosition, openWindow, withNewer, withOlder, type FactWindow } from './fact-window.js';

/** Facts of an account as a page shows them. */
export interface Facts {
  readonly window: FactWindow;
  readonly isLoading: boolean;
  readonly error: Refusal | null;
  /** Every type that the journal has. */
  readonly types: readonly string[];
  readonly isLoadingOlder: boolean;
  readonly older: () => void;
  /** Loads the newest facts again. */
  readonly refresh: () => void;
}

const PAGE = 300;
/** Facts that are asked for at once after a cut, and how often; what is more than that is begun anew. */
const CATCH_UP = 1000;
const MOST_PAGES = 5;

/**
 * The newest facts that match, kept up to date by the stream, each once. What the stream may have missed while it was cut is asked for when it is back: facts are known by their position, so that asking for too much does no harm.
 */
export const useFacts = (account: string, filter: FactFilter): Facts => {
  const key = JSON.stringify([account, filter, epoch.value]);
  const [state, setState] = useState({
    key,
    window: EMPTY_WINDOW,
    types: [] as readonly string[],
    error: null as Refusal | null,
    isLoading: true,
  });
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  const [asked, setAsked] = useState(0);
  const latest = useRef({ window: state.window, key: state.key });
  latest.current = { window: state.window, key: state.key };

  useEffect(() => {
    const stop = new AbortController();
    const ask = (more: Partial<QueryOf<'accounts.facts'>>, limit: number) =>
      call('accounts.facts', { params: { account }, query: { ...filter, ...more, limit }, signal: stop.signal });
    const failed = (error: unknown): void => {
      if (!stop.signal.aborted)
        setState(before => ({
          ...(before.key === key ? before : { ...before, key, window: EMPTY_WINDOW }),
          error: refusalOf(error),
          isLoading: false,
        }));
    };
    // Until the first page is there, what the stream brings waits.
    let early: FactLine[] | null = [];
    let isRefused = false;
    /** Whether a fact came meanwhile that only the server can tell from those that match. */
    let isTold = false;
    const take = (facts: readonly FactLine[]): void => {
      if (early !== null) {
        // The page that is asked for after a refusal brings them.
        if (!isRefused) early.push(...facts);
      } else setState(before => (before.key === key ? { ...before, window: withNewer(before.window, facts) } : before));
    };
    /** Asks for everything behind a position: what the stream brings meanwhile does no harm. */
    const catchUp = async (from: number): Promise<void> => {
      let after = from;
      for (let page = 0; page < MOST_PAGES; page++) {
        if (latest.current.key !== key || latest.current.window.hasNewer) return;
        const { facts } = await ask({ after }, CATCH_UP);
        take(facts);
        if (facts.length < CATCH_UP) {
          setState(before => (before.key === key && before.error !== null ? { ...before, error: null } : before));
          return;
        }
        after = facts.at(-1)!.position;
      }
      setAsked(n => n + 1);
    };
    let timer: ReturnType<typeof setTimeout> | null = null;
    let behind = Infinity;
    const catchUpSoon = (from: number): void => {
      behind = Math.min(behind, from);
      timer ??= setTimeout(() => {
        timer = null;
        const position = behind;
        behind = Infinity;
        catchUp(position).catch((error: unknown) => {
          const refusal = refusalOf(error);
          // The next time asks from here too: what comes meanwhile is newer and would hide what is missing.
          behind = Math.min(behind, position);
          if (!isUnreachable(refusal)) failed(refusal);
        });
      }, 500);
    };
    const newest = (): number => newestPosition(latest.current.window);
    const stopFacts = onFacts(facts => {
      const own = facts.filter(fact => belongs(filter, fact));
      if (own.length === 0) return;
      // A text is searched by the server alone.
      if (filter.text === undefined) take(own);
      else if (early === null) catchUpSoon(newest());
      else isTold = true;
    });
    // Between what was loaded and what the stream tells from now on there may be facts that nobody told. They begin behind what is held at this moment, before anything newer comes.
    const renewals = (): number => reconnects.value + begun.value;
    let known = untracked(renewals);
    const stopRenewals = effect(() => {
      const now = renewals();
      if (now === known) return;
      known = now;
      // A first page that was refused, or that was asked for too early, is asked for anew.
      if (early !== null) setAsked(n => n + 1);
      else catchUpSoon(newest());
    });
    const open = async (): Promise<void> => {
      const { facts, types } = await ask({}, PAGE);
      const opened = openWindow(facts, facts.length >= PAGE);
      const waiting = early ?? [];
      early = null;
      setState({ key, window: withNewer(opened, waiting), types, error: null, isLoading: false });
      if (isTold) catchUpSoon(newestPosition(opened));
    };
    open().catch((error: unknown) => {
      isRefused = true;
      failed(error);
    });
    return () => {
      stop.abort();
      stopFacts();
      stopRenewals();
      if (timer !== null) clearTimeout(timer);
    };
  }, [key, asked]);

  const older = useCallback(() => {
    const { window, key: shown } = latest.current;
    if (shown !== key || window.facts.length === 0) return;
    setLoadingOlder(true);
    call('accounts.facts', { params: { account }, query: { ...filter, before: oldestPosition(window), limit: PAGE } })
      .then(
        ({ facts }) =>
          setState(before =>
            before.key === key ? { ...before, window: withOlder(before.window, facts, facts.length >= PAGE), error: null } : before,
          ),
        (error: unknown) => setState(before => (before.key === key ? { ...before, error: refusalOf(error) } : before)),
      )
      .finally(() => setLoadingOlder(false));
  }, [key]);

  const isOurs = state.key === key;
  return {
    window: isOurs ? state.window : EMPTY_WINDOW,
    isLoading: !isOurs || state.isLoading,
    error: isOurs ? state.error : null,
    types: state.types,
    isLoadingOlder,
    older,
    refresh: useCallback(() => setAsked(n => n + 1), []),
  };
};
