import { useState } from 'preact/hooks';
import type { Me, Token } from '../../api/me-api.js';
import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Code } from '../parts/code.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { utcDay, utcMinute } from '../parts/figures.js';
import { NumberField, numberOf } from '../parts/number-field.js';
import { Panel } from '../parts/panel.js';
import { TextField } from '../parts/text-field.js';
import { useAnswer } from '../state/answer.js';
import { call, me } from '../state/api.js';
import { now } from '../state/now.js';
import { useAction } from '../state/use-action.js';

type Role = Me['roles'][number];

const columnsOf = (onRevoked: () => void): readonly Column<Token>[] => [
  { key: 'label', title: 'Token', width: 160, sort: ({ label }) => label, cell: ({ label }) => <strong>{label}</strong> },
  { key: 'owner', title: 'Owner', width: 90, sort: ({ owner }) => owner, cell: ({ owner }) => owner },
  {
    key: 'roles',
    title: 'Roles',
    width: 170,
    cell: ({ roles }) => (
      <span class="inline">
        {roles.map(role => (
          <Badge key={role}>{role}</Badge>
        ))}
      </span>
    ),
  },
  {
    key: 'createdAt',
    title: 'Made',
    width: 96,
    align: 'right',
    sort: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <span class="figure">{utcDay(createdAt)}</span>,
  },
  {
    key: 'expiresAt',
    title: 'Expires',
    width: 120,
    align: 'right',
    sort: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => (expiresAt < now.value ? <Badge tone="warn">expired</Badge> : <span class="figure">{utcDay(expiresAt)}</span>),
  },
  {
    key: 'lastUsedAt',
    title: 'Last used (UTC)',
    width: 136,
    align: 'right',
    sort: ({ lastUsedAt }) => lastUsedAt,
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span class="muted">never</span> : <span class="figure">{utcMinute(lastUsedAt)}</span>,
  },
  {
    key: 'revoke',
    title: 'Revoke',
    width: 90,
    align: 'right',
    cell: ({ id, label }) => (
      <ConfirmButton
        small
        kind="danger"
        heading={`Revoke ${label}?`}
        text="Programs that use it are refused from now on. It does not come back."
        confirm="Revoke"
        act={async () => {
          await call('tokens.revoke', { params: { token: id } });
          onRevoked();
          return `${label} is revoked.`;
        }}
      >
        Revoke
      </ConfirmButton>
    ),
  },
];

const NewToken = ({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) => {
  const own = me.value?.roles ?? [];
  const [label, setLabel] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(own.includes('viewer') ? ['viewer'] : []);
  const [days, setDays] = useState('90');
  const { busy, refused, run } = useAction();
  const [secret, setSecret] = useState<string | null>(null);
  const length = numberOf(days);
  const isReady = label.trim() !== '' && roles.length > 0 && length !== null && Number.isInteger(length) && length >= 1 && length <= 365;
  const make = async (): Promise<void> => {
    if (!isReady) return;
    const made = await call('tokens.create', { body: { label: label.trim(), roles: [...roles], days: length } });
    setSecret(made.secret);
    onMade();
  };
  return (
    <Dialog
      open
      title={secret === null ? 'New token' : 'Keep it now'}
      onClose={onClose}
      onSubmit={secret === null ? () => void run(make) : undefined}
      actions={
        secret !== null ? (
          <Button kind="primary" onClick={onClose}>
            I have it
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" kind="primary" busy={busy} disabled={!isReady}>
              Make the token
            </Button>
          </>
        )
      }
    >
      {secret !== null ? (
        <div class="stack">
          <p>This is the only time that it is shown: only its hash is kept. Programs send it as a header.</p>
          <Code text={secret} />
          <p class="muted">
            <code>Authorization: Bearer …</code>
          </p>
        </div>
      ) : (
        <div class="stack">
          <TextField label="What is it for?" value={label} placeholder="nightly export" onInput={setLabel} />
          <fieldset>
            <legend>Roles</legend>
            <div class="choices">
              {own.map(role => (
                <label key={role} class="choice">
                  <input
                    type="checkbox"
                    checked={roles.includes(role)}
                    onChange={event => setRoles(event.currentTarget.checked ? [...roles, role] : roles.filter(each => each !== role))}
                  />
                  {role}
                </label>
              ))}
            </div>
          </fieldset>
          <NumberField label="Good for" unit="days" value={days} min={1} max={365} step={1} hint="At most 365" onInput={setDays} />
          {refused === null ? null : <ErrorNote error={refused} />}
        </div>
      )}
    </Dialog>
  );
};

/** Keys for programs: made, listed, revoked. */
export const TokensPanel = () => {
  const answer = useAnswer('tokens.list', {});
  const [isNew, setNew] = useState(false);
  return (
    <Panel
      title="API tokens"
      note="For programs; each has some of your roles and an end"
      flush
      aside={
        <Button small onClick={() => setNew(true)}>
          New token
        </Button>
      }
    >
      <Answered answer={answer} rows={5}>
        {({ tokens }) => (
          <DataTable
            caption="API tokens"
            columns={columnsOf(answer.refresh)}
            rows={tokens}
            rowKey={({ id }) => id}
            empty={<EmptyNote title="No tokens">A script that reads runs or halts an account needs one.</EmptyNote>}
          />
        )}
      </Answered>
      {isNew ? <NewToken onClose={() => setNew(false)} onMade={answer.refresh} /> : null}
    </Panel>
  );
};
