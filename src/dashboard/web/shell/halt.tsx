import { computed, signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import { SwitchField } from '../parts/switch-field.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call, Refusal, refusalOf } from '../state/api.js';
import { lacksRole } from '../state/roles.js';
import { account, accountName } from '../state/stream.js';
import { useAction } from '../state/use-action.js';

/** The account whose halt is asked about; the one that is looked at may change meanwhile. */
const asked = signal<string | null>(null);
/** Null where the stream tells of another account. */
const positionCount = computed(() => (account.value?.account === asked.value ? (account.value?.positions.length ?? null) : null));
const why = (): string | null =>
  accountName.value === null ? 'There is no account to halt.' : lacksRole('researcher', 'operator', 'approver');

/** Asks whether to halt the account that is looked at. */
export const askHalt = (): void => {
  if (why() === null) asked.value = accountName.value;
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

const close = (): void => {
  asked.value = null;
};

/** The reason is there already, and the button has the focus, so that Enter is enough. */
const Asking = ({ name }: { readonly name: string }) => {
  const [reason, setReason] = useState('Halted in the dashboard');
  const [flatten, setFlatten] = useState(false);
  const { busy, refused, run } = useAction();
  const halt = async (): Promise<void> => {
    const { done, through, error } = await call('accounts.command', {
      params: { account: name },
      body: { command: 'halt', reason, flatten },
    }).catch((thrown: unknown) => ({ done: false, through: null, error: refusalOf(thrown).message }));
    if (!done)
      throw new Refusal(0, 'not-halted', error ?? `${name} was not halted.`, `Try quantai halt --account ${name} on the command line.`);
    toast(`${name} is halted${flatten ? ' and its positions are being closed' : ''}, through its ${through}.`, 'alarm');
  };
  return (
    <Dialog
      title={`Halt ${name}?`}
      open
      onClose={close}
      onSubmit={() => void run(halt, close)}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <button type="submit" class="halt" data-focus disabled={busy} aria-busy={busy}>
            {busy ? 'Halting …' : flatten ? 'Halt and close positions' : 'Halt now'}
          </button>
        </>
      }
    >
      <div class="stack">
        <p>
          No order is sent that could open or grow a position, and orders at work that could are cancelled. Protective stops stay at the
          venue. An operator resumes on the Risk page.
        </p>
        <TextField label="Reason" value={reason} onInput={setReason} />
        <SwitchField
          label={`Close ${positionCount.value === null ? 'all' : `the ${positionCount.value}`} open positions at market too`}
          on={flatten}
          onChange={setFlatten}
        />
        {refused === null ? null : <ErrorNote error={refused} />}
      </div>
    </Dialog>
  );
};

/** The one confirmation of the halt, made anew for each asking. */
export const HaltDialog = () => (asked.value === null ? null : <Asking key={asked.value} name={asked.value} />);
