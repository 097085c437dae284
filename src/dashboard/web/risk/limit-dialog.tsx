import { useState } from 'preact/hooks';
import type { LimitView } from '../../api/accounts-api.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import { KeyValues } from '../parts/key-values.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call } from '../state/api.js';
import { useAction } from '../state/use-action.js';
import { isTighter, typedLimit } from './limit-rows.js';
import { limitText, limitTyped } from './limit-text.js';

const HINTS: Readonly<Record<string, string>> = {
  fraction: 'A fraction such as 0.5, or a percentage such as 50%; off takes the limit away.',
  multiple: 'How many times equity, such as 3; off takes the limit away.',
  money: 'In the settlement asset; off takes the limit away.',
  ms: 'In milliseconds, or with a unit: 30s, 5m, 2h, 1d.',
  bp: 'In basis points; off takes the limit away.',
};

/** Changes one limit of the account: tighter holds at once, everything else needs a reason. What the session refuses is shown, and the dialog stays. */
export const LimitDialog = ({
  account,
  limit,
  onClose,
  onChanged,
}: {
  readonly account: string;
  readonly limit: LimitView;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) => {
  const [typed, setTyped] = useState(limitTyped(limit.limit, limit.unit));
  const [reason, setReason] = useState('');
  const { busy, refused, run } = useAction();
  const read = typedLimit(typed, limit.unit);
  const wrong = 'wrong' in read ? read.wrong : null;
  const value = 'wrong' in read ? null : read.value;
  const isSame = wrong === null && value === limit.limit;
  const needsReason = wrong === null && !isSame && !isTighter(limit.path, limit.limit, value);
  const isReady = wrong === null && !isSame && (!needsReason || reason.trim() !== '');
  const save = async (): Promise<void> => {
    await call('accounts.setLimits', { params: { account }, body: { limits: { [limit.path]: value }, reason: reason.trim() } });
    toast(`${limit.title}: ${limitText(limit.limit, limit.unit)} → ${limitText(value, limit.unit)}.`);
    onChanged();
  };
  return (
    <Dialog
      title={limit.title}
      open
      onClose={onClose}
      onSubmit={() => void run(save, onClose)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={!isReady}>
            {needsReason ? 'Loosen the limit' : 'Change the limit'}
          </Button>
        </>
      }
    >
      <div class="stack">
        <KeyValues
          items={[
            ['Setting', <span class="mono">{limit.path}</span>],
            ['In force', limitText(limit.limit, limit.unit)],
            [
              'Used now',
              limit.used === null ? 'not known' : `${limitText(limit.used, limit.unit)}${limit.of === null ? '' : ` (${limit.of})`}`,
            ],
          ]}
        />
        {limit.unit === 'flag' ? (
          <SelectField
            label="New value"
            value={typed}
            options={[
              { value: 'on', text: 'on' },
              { value: 'off', text: 'off' },
            ]}
            onChange={setTyped}
          />
        ) : (
          <TextField
            label="New value"
            value={typed}
            onInput={setTyped}
            hint={HINTS[limit.unit] ?? 'A number; off takes the limit away.'}
            error={wrong}
            mono
          />
        )}
        <p class="limit-verdict" aria-live="polite">
          {wrong !== null
            ? '\u00a0'
            : isSame
              ? 'This is what is in force.'
              : needsReason
                ? 'Not plainly tighter: say why. The journal keeps it.'
                : 'Tighter: it holds at once.'}
        </p>
        <TextField label={needsReason ? 'Reason' : 'Reason (may be left out)'} value={reason} onInput={setReason} />
        {refused === null ? null : <ErrorNote error={refused} />}
      </div>
    </Dialog>
  );
};
