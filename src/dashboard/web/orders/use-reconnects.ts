import { useEffect, useState } from 'preact/hooks';
import { connection } from '../state/stream.js';

/** A number that grows each time the stream is back after a cut: what was asked meanwhile may have been refused, and is to be asked again. */
export const useReconnects = (): number => {
  const [count, setCount] = useState(0);
  useEffect(() => {
    let isCut = connection.peek() === 'cut';
    return connection.subscribe(now => {
      if (now === 'live' && isCut) setCount(n => n + 1);
      if (now !== 'connecting') isCut = now === 'cut';
    });
  }, []);
  return count;
};
