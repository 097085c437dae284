import { computed, signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import type { Refused } from '../parts/refused.js';
import { SwitchField } from '../parts/switch-field.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call, refusalOf } from '../state/api.js';
import { lacksRole } from '../state/roles.js';
import { account, accountName } from '../state/stream.js';

const isOpen = signal(false);
const positionCount = computed(() => account.value?.positions.length ?? 0);
const why = (): string | null =>
  accountName.value === null ? 'There is no account to halt.' : lacksRole('researcher', 'operator', 'approver');

/** Asks whether to halt the account that is looked at. */
export const askHalt = (): void => {
  if (why() === null) isOpen.value = true;
};

/** Always in reach: one click, one confirmation. */
export const HaltButton = () => (
  <button
    type="button"
    class="halt"
    disabled={why() !== null}
    title={why() ?? 'Halt trading (Shift+H)'}
    aria-keyshortcuts="Shift+H"
    onClick={askHalt}
  >
    HALT
  </button>
);

/** The one confirmation of the halt. The reason is there already, and the button has the focus, so that Enter is enough. */
export const HaltDialog = () => {
  const [reason, setReason] = useState('Halted in the dashboard');
  const [flatten, setFlatten] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const name = accountName.value;
  const close = (): void => {
    isOpen.value = false;
    setRefused(null);
  };
  const halt = async (): Promise<void> => {
    if (name === null) return;
    setBusy(true);
    setRefused(null);
    try {
      const { done, through, error } = await call('accounts.command', {
        params: { account: name },
        body: { command: 'halt', reason, flatten },
      });
      if (done) {
        toast(`${name} is halted${flatten ? ' and its positions are being closed' : ''}, through its ${through}.`, 'alarm');
        close();
      } else setRefused({ message: error ?? `${name} was not halted.`, fix: `Try quantai halt --account ${name} on the command line.` });
    } catch (error) {
      setRefused({ message: refusalOf(error).message, fix: `Try quantai halt --account ${name} on the command line.` });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`Halt ${name ?? ''}?`}
      open={isOpen.value}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <button type="button" class="halt" data-focus disabled={busy} aria-busy={busy} onClick={() => void halt()}>
            {busy ? 'Halting …' : flatten ? 'Halt and close positions' : 'Halt now'}
          </button>
        </>
      }
    >
      <form
        class="stack"
        onSubmit={event => {
          event.preventDefault();
          if (!busy) void halt();
        }}
      >
        <p>
          No order is sent that could open or grow a position, and orders at work that could are cancelled. Protective stops stay at the
          venue. An operator resumes on the Risk page.
        </p>
        <TextField label="Reason" value={reason} onInput={setReason} />
        <SwitchField label={`Close the ${positionCount.value} open positions at market too`} on={flatten} onChange={setFlatten} />
        {refused === null ? null : <ErrorNote error={refused} />}
      </form>
    </Dialog>
  );
};
