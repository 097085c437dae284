import { useEffect, useState } from 'preact/hooks';
import { begun, epoch, onFacts, reconnects } from './stream.js';

/** A number that grows when facts of these types came (at most once a second) or may have come unheard, when the journal is another one, and when the server is back after a cut: ask again then. */
export const useFactTurn = (types: readonly string[]): number => {
  const [turn, setTurn] = useState(0);
  const key = types.join();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = onFacts(facts => {
      if (timer !== null || !facts.some(({ type }) => types.includes(type))) return;
      timer = setTimeout(() => {
        timer = null;
        setTurn(n => n + 1);
      }, 1000);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [key]);
  return turn + epoch.value + reconnects.value + (types.length === 0 ? 0 : begun.value);
};
