import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button, type ButtonKind } from './button.js';
import { Dialog } from './dialog.js';
import { ErrorNote } from './error-note.js';
import { TextField } from './text-field.js';
import { toast } from './toast.js';
import { useAction } from '../state/use-action.js';

interface Question {
  readonly kind?: ButtonKind;
  /** Title of the dialog. */
  readonly heading: string;
  /** What will happen; may hold further fields. */
  readonly text: ComponentChildren;
  /** On the button that does it. */
  readonly confirm: string;
  readonly reason?: 'none' | 'optional' | 'required';
  readonly act: (reason: string) => Promise<string | void>;
}

const ConfirmDialog = ({ kind, heading, text, confirm, reason = 'none', act, onClose }: Question & { readonly onClose: () => void }) => {
  const [why, setWhy] = useState('');
  const { busy, refused, run } = useAction();
  const go = async (): Promise<void> => {
    const said = await act(why.trim());
    if (typeof said === 'string') toast(said);
  };
  return (
    <Dialog
      title={heading}
      open
      onClose={onClose}
      onSubmit={() => void run(go, onClose)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            kind={kind === 'danger' ? 'danger' : 'primary'}
            busy={busy}
            disabled={reason === 'required' && why.trim() === ''}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <div class="stack">
        <div>{text}</div>
        {reason === 'none' ? null : (
          <TextField label={reason === 'required' ? 'Reason' : 'Reason (may be left out)'} value={why} onInput={setWhy} />
        )}
        {refused === null ? null : <ErrorNote error={refused} />}
      </div>
    </Dialog>
  );
};

/** A button that asks first. `act` does the work with the reason that was typed; its answer, where it gives one, is shown as a toast; what it throws is shown in the dialog, which stays open. */
export const ConfirmButton = ({
  children,
  small = false,
  disabled = false,
  title,
  ...question
}: Question & {
  readonly children: ComponentChildren;
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly title?: string | undefined;
}) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind={question.kind ?? 'plain'} small={small} disabled={disabled} title={title} onClick={() => setOpen(true)}>
        {children}
      </Button>
      {open ? <ConfirmDialog {...question} onClose={() => setOpen(false)} /> : null}
    </>
  );
};
