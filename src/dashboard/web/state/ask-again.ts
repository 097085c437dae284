import { refusalOf, type Refusal } from './api.js';

/** Asks at once and again on demand, one request at a time: an answer that is on its way is waited for, however often it is asked again meanwhile, and then asked for once more. After `stop` nothing is heard. */
export const askAgain = <T>(
  ask: (signal: AbortSignal) => Promise<T>,
  heard: (value: T) => void,
  refused: (refusal: Refusal) => void,
): { readonly again: () => void; readonly stop: () => void } => {
  const stopped = new AbortController();
  const { signal } = stopped;
  let isOnItsWay = false;
  let isWanted = false;
  const work = async (): Promise<void> => {
    isOnItsWay = true;
    while (isWanted && !signal.aborted) {
      isWanted = false;
      try {
        const value = await ask(signal);
        if (!signal.aborted) heard(value);
      } catch (error) {
        if (!signal.aborted) refused(refusalOf(error));
      }
    }
    isOnItsWay = false;
  };
  const again = (): void => {
    isWanted = true;
    if (!isOnItsWay) void work();
  };
  again();
  return { again, stop: () => stopped.abort() };
};
