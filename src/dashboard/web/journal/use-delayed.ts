import { useEffect, useRef, useState } from 'preact/hooks';

/** A text that is typed: what is in the field at once, and `commit` called when typing has paused. A text that comes from elsewhere replaces it. */
export const useDelayed = (value: string, commit: (text: string) => void, ms = 350): readonly [string, (text: string) => void] => {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const committed = useRef(value);
  useEffect(() => {
    if (value === committed.current) return;
    committed.current = value;
    setTyped(value);
  }, [value]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return [
    typed,
    text => {
      setTyped(text);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        committed.current = text;
        commit(text);
      }, ms);
    },
  ];
};
