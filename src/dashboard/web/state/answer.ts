import { useEffect } from 'preact/hooks';
import type { AnswerOf, ParamsOf, QueryOf } from '../../api/endpoints.js';
import type { EndpointName } from '../../api/routes.js';
import { call, type Refusal } from './api.js';
import { useAsked } from './asked.js';
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
  const key = given === null ? null : JSON.stringify(given);
  const { heard, refresh } = useAsked(key, useFactTurn(facts), signal => call(name, { ...given, signal }));
  useEffect(() => {
    if (everyMs <= 0) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { ...heard, refresh };
};
