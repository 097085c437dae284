import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { FactLine } from '../../api/accounts-api.js';
import type { QueryOf } from '../../api/endpoints.js';
import { call, Refusal } from '../state/api.js';
import { begun, connection, epoch, onFacts } from '../state/stream.js';
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

const refusalOf = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal(0, 'failed', String(error), null));

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
    const take = (facts: readonly FactLine[]): void => {
      if (early !== null) early.push(...facts);
      else setState(before => (before.key === key ? { ...before, window: withNewer(before.window, facts) } : before));
    };
    const catchUp = async (): Promise<void> => {
      for (let page = 0; page < MOST_PAGES; page++) {
        const { window, key: shown } = latest.current;
        if (shown !== key || early !== null || window.hasNewer) return;
        const { facts } = await ask({ after: newestPosition(window) }, CATCH_UP);
        take(facts);
        if (facts.length < CATCH_UP) return;
        await new Promise(resolve => setTimeout(resolve, 0));
      }
      setAsked(n => n + 1);
    };
    let timer: ReturnType<typeof setTimeout> | null = null;
    const catchUpSoon = (): void => {
      timer ??= setTimeout(() => {
        timer = null;
        catchUp().catch((error: unknown) => {
          // The server is away: it is asked again when the stream is back, and the page says so already.
          if (refusalOf(error).status !== 0) failed(error);
        });
      }, 500);
    };
    const stopFacts = onFacts(facts => {
      const own = facts.filter(fact => belongs(filter, fact));
      if (own.length === 0) return;
      // A text is searched by the server alone.
      if (filter.text === undefined) take(own);
      else catchUpSoon();
    });
    // Between what was loaded and where the stream begins there may be facts that nobody told.
    const beginning = begun.peek();
    const stopBegun = begun.subscribe(now => {
      if (now !== beginning) setAsked(n => n + 1);
    });
    let was = connection.peek();
    const stopConnection = connection.subscribe(now => {
      if (now === 'live' && was === 'cut') catchUpSoon();
      if (now !== 'connecting') was = now;
    });
    const open = async (): Promise<void> => {
      const { facts, types } = await ask({}, PAGE);
      const opened = openWindow(facts, facts.length >= PAGE);
      const waiting = early ?? [];
      early = null;
      setState({ key, window: withNewer(opened, waiting), types, error: null, isLoading: false });
    };
    open().catch(failed);
    return () => {
      stop.abort();
      stopFacts();
      stopConnection();
      stopBegun();
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
        (error: unknown) => setState(before => ({ ...before, error: refusalOf(error) })),
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
