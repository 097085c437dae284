import { useCallback, useEffect, useRef, useState, type Dispatch, type StateUpdater } from 'preact/hooks';
import { isUnreachable, type Refusal } from './api.js';
import { askAgain } from './ask-again.js';

/** What was heard of a question that `key` names. */
export interface Heard<T> {
  readonly key: string | null;
  readonly value: T | null;
  readonly error: Refusal | null;
  readonly loading: boolean;
}

/** Asks what `key` names, and again when `turn` is another number; another key gives up what is on its way and begins anew, null asks nothing. `joined` puts an answer to the one before it. */
export const useAsked = <T>(
  key: string | null,
  turn: number,
  ask: (signal: AbortSignal) => Promise<T>,
  joined: (before: T, value: T) => T = (_, value) => value,
): { readonly heard: Heard<T>; readonly setHeard: Dispatch<StateUpdater<Heard<T>>>; readonly refresh: () => void } => {
  const nothing: Heard<T> = { key, value: null, error: null, loading: true };
  const [state, setHeard] = useState(nothing);
  const asking = useRef<({ readonly key: string } & ReturnType<typeof askAgain>) | null>(null);
  useEffect(() => {
    if (asking.current !== null && asking.current.key === key) {
      asking.current.again();
      return;
    }
    asking.current?.stop();
    const change = (to: (before: Heard<T>) => Heard<T>): void => setHeard(before => to(before.key === key ? before : nothing));
    asking.current =
      key === null
        ? null
        : {
            key,
            ...askAgain(
              ask,
              value =>
                change(before => ({
                  key,
                  value: before.value === null ? value : joined(before.value, value),
                  error: null,
                  loading: false,
                })),
              // What is shown stays as it is while the server is away: the page says so already, and asks again when it is back.
              error => change(before => (before.value !== null && isUnreachable(error) ? before : { ...before, error, loading: false })),
            ),
          };
  }, [key, turn]);
  useEffect(() => () => asking.current?.stop(), []);
  return {
    heard: state.key === key ? state : nothing,
    setHeard,
    refresh: useCallback(() => asking.current?.again(), []),
  };
};
