import { useState } from 'preact/hooks';
import type { ApprovalView } from '../../api/promotion-api.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import { money, percent, span, utcMinute } from '../parts/figures.js';
import { KeyValues } from '../parts/key-values.js';
import { Panel } from '../parts/panel.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call, me } from '../state/api.js';
import { now } from '../state/now.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { useAction } from '../state/use-action.js';
import { isWaiting } from './approval-state.js';
import { TypedSentence } from './typed-sentence.js';
import { isTyped } from './wanted-sentence.js';

const AtStake = ({ request: { size, share, loss, by, at, expiresAt } }: { readonly request: ApprovalView }) => (
  <KeyValues
    items={[
      ['Asked for by', `${by}, ${utcMinute(at)} UTC`],
      [
        'Expires',
        <span class="figure">
          {expiresAt === null ? 'never' : expiresAt <= now.value ? 'it has' : `in ${span(expiresAt - now.value)}`}
        </span>,
      ],
      [
        'Would trade',
        <span>{size === null || share === null ? '–' : `${money(size * share)} (${percent(share, 0)} of ${money(size)})`}</span>,
      ],
      ['Worst-case loss', <span class="figure">{money(loss)}</span>],
    ]}
  />
);

const Approve = ({
  request,
  onClose,
  onDone,
}: {
  readonly request: ApprovalView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) => {
  const [typed, setTyped] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const { busy, refused, run } = useAction();
  const isReady = isTyped(typed, request.sentence);
  const go = async (): Promise<void> => {
    try {
      const { text } = await call('approvals.give', {
        params: { request: request.request },
        body: { confirm: request.sentence, ...(passphrase !== '' && { passphrase }) },
      });
      toast(text);
      onDone();
    } finally {
      setPassphrase('');
    }
  };
  return (
    <Dialog
      open
      title={`Approve ${request.promotion}?`}
      onClose={onClose}
      onSubmit={() => void run(go, onClose)}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={!isReady}>
            Approve and sign
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{request.text}</p>
        <AtStake request={request} />
        <TypedSentence sentence={request.sentence} typed={typed} onInput={setTyped} />
        <TextField
          label="Passphrase of your signing key"
          type="password"
          value={passphrase}
          hint="It opens the key for this signature and is kept nowhere"
          onInput={setPassphrase}
        />
        {refused === null ? null : <ErrorNote error={refused} />}
      </div>
    </Dialog>
  );
};

/** Requests that wait for another person. */
export const ApprovalsPanel = ({ requests, onDone }: { readonly requests: readonly ApprovalView[]; readonly onDone: () => void }) => {
  const [open, setOpen] = useState<ApprovalView | null>(null);
  const waiting = requests.filter(isWaiting);
  const decided = requests.filter(each => !isWaiting(each));
  return (
    <Panel title="Approvals" note={waiting.length === 0 ? 'Nothing waits' : `${waiting.length} waiting for another person`}>
      {waiting.length > 0 ? null : (
        <p class="muted">Live, each step of the ramp, and every gate that is to be overridden wait here for another person.</p>
      )}
      <div class="approvals">
        {waiting.map(request => {
          const isOwn = request.by === me.value?.name;
          const why = isOwn ? 'Who asks does not approve.' : (lacksRole('approver') ?? undefined);
          return (
            <article key={request.request} class="approval" aria-label={`Request ${request.request}`}>
              <header>
                <Badge tone="warn">waiting</Badge>
                <h3>
                  {request.promotion} <span class="muted">{request.kind}</span>
                </h3>
                <span class="spacer" />
                <Button small kind="primary" disabled={isOwn || !hasRole('approver')} title={why} onClick={() => setOpen(request)}>
                  Approve …
                </Button>
              </header>
              <p>{request.text}</p>
              <AtStake request={request} />
              {isOwn ? <p class="muted">You asked for this; another person approves.</p> : null}
            </article>
          );
        })}
      </div>
      {decided.length === 0 ? null : (
        <details>
          <summary>{decided.length} decided</summary>
          <ul class="checks">
            {decided.map(({ request, state, promotion, kind, by, at }) => (
              <li key={request}>
                <Badge>{state}</Badge>
                <span>
                  {promotion} {kind}{' '}
                  <span class="muted">
                    by {by}, {utcMinute(at)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {open === null ? null : <Approve request={open} onClose={() => setOpen(null)} onDone={onDone} />}
    </Panel>
  );
};
