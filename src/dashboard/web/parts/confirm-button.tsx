import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button, type ButtonKind } from './button.js';
import { Dialog } from './dialog.js';
import { ErrorNote } from './error-note.js';
import { TextField } from './text-field.js';
import type { Refused } from './refused.js';
import { toast } from './toast.js';
import { refusalOf } from '../state/api.js';

/**
 * A button that asks first. `act` does the work with the reason that was typed; its answer, where it gives one, is shown as a toast; what it throws is shown in the dialog, which stays open. `sentence` must be
 * typed before it goes on.
 */
export const ConfirmButton = ({
  children,
  kind = 'plain',
  small = false,
  disabled = false,
  title,
  heading,
  text,
  confirm,
  reason = 'none',
  preset = '',
  sentence,
  act,
}: {
  readonly children: ComponentChildren;
  readonly kind?: ButtonKind;
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly title?: string | undefined;
  /** Title of the dialog. */
  readonly heading: string;
  /** What will happen; may hold further fields. */
  readonly text: ComponentChildren;
  /** On the button that does it. */
  readonly confirm: string;
  readonly reason?: 'none' | 'optional' | 'required';
  /** A reason to begin with. */
  readonly preset?: string;
  readonly sentence?: string | undefined;
  readonly act: (reason: string) => Promise<string | void>;
}) => {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState(preset);
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState<Refused | null>(null);
  const begin = (): void => {
    setWhy(preset);
    setTyped('');
    setRefused(null);
    setOpen(true);
  };
  const go = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      const said = await act(why.trim());
      setOpen(false);
      if (typeof said === 'string') toast(said);
    } catch (error) {
      setRefused(refusalOf(error));
    } finally {
      setBusy(false);
    }
  };
  const isReady = (reason !== 'required' || why.trim() !== '') && (sentence === undefined || typed === sentence);
  return (
    <>
      <Button kind={kind} small={small} disabled={disabled} title={title} onClick={begin}>
        {children}
      </Button>
      <Dialog
        title={heading}
        open={open}
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind={kind === 'danger' ? 'danger' : 'primary'} busy={busy} disabled={!isReady} onClick={() => void go()}>
              {confirm}
            </Button>
          </>
        }
      >
        <form
          class="stack"
          onSubmit={event => {
            event.preventDefault();
            if (isReady && !busy) void go();
          }}
        >
          <div>{text}</div>
          {reason === 'none' ? null : (
            <TextField label={reason === 'required' ? 'Reason' : 'Reason (may be left out)'} value={why} onInput={setWhy} />
          )}
          {sentence === undefined ? null : <TextField label={`Type: ${sentence}`} value={typed} onInput={setTyped} mono />}
          {refused === null ? null : <ErrorNote error={refused} />}
        </form>
      </Dialog>
    </>
  );
};
