import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { AnswerOf, ParamsOf, QueryOf } from '../../api/endpoints.js';
import type { EndpointName } from '../../api/routes.js';
import { call, isUnreachable, refusalOf, type Refusal } from './api.js';
import { useFactTurn } from './fact-turn.js';

/** What an endpoint answered last. While it is asked again the old answer stays. */
export interface Answer<T> {
  readonly value: T | null;
  readonly error: Refusal | null;
  readonly loading: boolean;
  readonly refresh: () => void;
}

const NO_FACTS: readonly string[] = [];

/** Asks an endpoint when the page opens, when what is asked changes, every `everyMs`, when facts of the named types came, and when the server is back after a cut. Null asks nothing. */
export const useAnswer = <K extends EndpointName>(
  name: K,
  given: { readonly params?: ParamsOf<K>; readonly query?: QueryOf<K> } | null,
  everyMs = 0,
  facts: readonly string[] = NO_FACTS,
): Answer<AnswerOf<K>> => {
  const [state, setState] = useState<Omit<Answer<AnswerOf<K>>, 'refresh'>>({ value: null, error: null, loading: true });
  const [turn, setTurn] = useState(0);
  const factTurn = useFactTurn(facts);
  const key = JSON.stringify(given);
  const asked = useRef(key);
  useEffect(() => {
    if (given === null) return undefined;
    const stop = new AbortController();
    if (asked.current !== key) {
      asked.current = key;
      setState({ value: null, error: null, loading: true });
    }
    call(name, { ...given, signal: stop.signal }).then(
      value => setState({ value, error: null, loading: false }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const refusal = refusalOf(error);
        // What is shown stays as it is while the server is away: the page says so already, and asks again when it is back.
        setState(before => (before.value !== null && isUnreachable(refusal) ? before : { ...before, error: refusal, loading: false }));
      },
    );
    return () => stop.abort();
  }, [name, key, turn, factTurn]);
  useEffect(() => {
    if (everyMs <= 0) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) setTurn(n => n + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { ...state, refresh: useCallback(() => setTurn(n => n + 1), []) };
};
