import { useEffect, useState } from 'preact/hooks';
import type { AuditLine } from '../../api/promotion-api.js';
import { Answered } from '../parts/answered.js';
import { Button } from '../parts/button.js';
import { Json } from '../parts/code.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { count, utc } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import type { Refused } from '../parts/refused.js';
import { TextField } from '../parts/text-field.js';
import { Spacer, Toolbar } from '../parts/toolbar.js';
import { useAnswer } from '../state/answer.js';
import { call, refusalOf } from '../state/api.js';

const COLUMNS: readonly Column<AuditLine>[] = [
  { key: 'at', title: 'When (UTC)', width: 168, cell: ({ at }) => <span class="figure">{utc(at)}</span> },
  { key: 'actor', title: 'Who', width: 90, cell: ({ actor }) => actor },
  { key: 'type', title: 'What', width: 146, cell: ({ type }) => <span class="mono">{type}</span> },
  {
    key: 'text',
    title: 'In words',
    width: 380,
    cell: ({ text }) => (
      <span class="ellipsis" title={text}>
        {text}
      </span>
    ),
  },
  { key: 'seq', title: 'Record', width: 70, align: 'right', cell: ({ seq }) => <span class="figure muted">{seq}</span> },
];

const Verify = () => {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const verify = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      setResult(await call('audit.verify', { body: {} }));
    } catch (error) {
      setRefused(refusalOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button small busy={busy} onClick={() => void verify()}>
        Verify every record
      </Button>
      {result === null && refused === null ? null : (
        <Dialog
          open
          title={refused !== null ? 'Not verified' : result?.ok === true ? 'The audit log is whole' : 'The audit log is broken'}
          onClose={() => {
            setResult(null);
            setRefused(null);
          }}
        >
          {refused !== null ? (
            <ErrorNote error={refused} />
          ) : (
            <pre class={`said ${result?.ok === true ? '' : 'said-alarm'}`}>{result?.text}</pre>
          )}
        </Dialog>
      )}
    </>
  );
};

/** Text that is asked for after the typing has paused. */
const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 300);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};

const LIMIT = 200;

/** Who did what, when and why: every record of the workspace, checked on demand. */
export const AuditPanel = () => {
  const [text, setText] = useState('');
  const [actor, setActor] = useState('');
  const [type, setType] = useState('');
  const [before, setBefore] = useState<number | null>(null);
  const [open, setOpen] = useState<AuditLine | null>(null);
  const settled = { text: useSettled(text), actor: useSettled(actor), type: useSettled(type) };
  const answer = useAnswer('audit.list', {
    query: {
      limit: LIMIT,
      ...(settled.text !== '' && { text: settled.text }),
      ...(settled.actor !== '' && { actor: settled.actor }),
      ...(settled.type !== '' && { type: settled.type }),
      ...(before !== null && { before }),
    },
  });
  const records = answer.value?.records ?? null;
  const filter = (set: (value: string) => void) => (value: string) => {
    setBefore(null);
    set(value);
  };
  return (
    <Panel title="Audit log" note={answer.value === null ? undefined : `${count(answer.value.total)} records`} aside={<Verify />} flush>
      <Toolbar label="Filter the audit log">
        <TextField label="Words" placeholder="Words" type="search" value={text} onInput={filter(setText)} />
        <TextField label="Who" placeholder="Who" type="search" value={actor} onInput={filter(setActor)} />
        <TextField label="Type" placeholder="Type" type="search" value={type} onInput={filter(setType)} />
        <Spacer />
        {before === null ? null : (
          <Button small onClick={() => setBefore(null)}>
            Newest
          </Button>
        )}
        <Button
          small
          disabled={records === null || records.length < LIMIT}
          title={records === null || records.length < LIMIT ? 'There are no older records' : undefined}
          onClick={() => setBefore(records?.at(-1)?.seq ?? null)}
        >
          Older
        </Button>
      </Toolbar>
      <Answered answer={answer} height={360}>
        {value => (
          <DataTable
            caption="Audit log, newest first"
            columns={COLUMNS}
            rows={value.records}
            rowKey={({ seq }) => seq}
            onRow={setOpen}
            height={360}
            empty={<EmptyNote title={value.total === 0 ? 'Nothing is on record yet' : 'No record is like that'} />}
          />
        )}
      </Answered>
      {open === null ? null : (
        <Dialog sheet open title={`Record ${open.seq}: ${open.type}`} onClose={() => setOpen(null)}>
          <div class="stack">
            <p>
              {open.text}{' '}
              <span class="muted">
                by {open.actor}, {utc(open.at)} UTC
              </span>
            </p>
            <Json value={open.record} />
          </div>
        </Dialog>
      )}
    </Panel>
  );
};
