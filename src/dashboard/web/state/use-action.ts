import { useEffect, useRef, useState } from 'preact/hooks';
import { toast } from '../parts/toast.js';
import { refusalOf, type Refusal } from './api.js';

/** Something that is sent when somebody asks for it: whether it is on its way, and what was refused last. */
export interface Action {
  readonly busy: boolean;
  readonly refused: Refusal | null;
  /** Does it, unless it is being done already. What it throws is the refusal. `then` follows a success, but not once the component is gone: a dialog that was opened anew is not closed by an old answer. */
  readonly run: (act: () => Promise<void>, then?: () => void) => Promise<void>;
  readonly clear: () => void;
}

/** One action of a component. A refusal that comes after the component is gone, such as a closed dialog, is said as an alarm. */
export const useAction = (): Action => {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  // State is as old as the last drawing, and two presses may come between two drawings.
  const isRunning = useRef(false);
  const isGone = useRef(false);
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );
  const clear = (): void => setRefused(null);
  return {
    busy,
    refused,
    clear,
    run: async (act, then) => {
      if (isRunning.current) return;
      isRunning.current = true;
      setBusy(true);
      clear();
      try {
        await act();
        if (!isGone.current) then?.();
      } catch (error) {
        const refusal = refusalOf(error);
        if (isGone.current) toast([refusal.message, refusal.fix].filter(Boolean).join(' '), 'alarm');
        else setRefused(refusal);
      } finally {
        isRunning.current = false;
        setBusy(false);
      }
    },
  };
};
