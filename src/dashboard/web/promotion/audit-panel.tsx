import { useState } from 'preact/hooks';
import type { AuditLine } from '../../api/promotion-api.js';
import { useDelayed } from '../journal/use-delayed.js';
import { Answered } from '../parts/answered.js';
import { Button } from '../parts/button.js';
import { Json } from '../parts/code.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { count, utc } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { TextField } from '../parts/text-field.js';
import { Spacer, Toolbar } from '../parts/toolbar.js';
import { useAnswer } from '../state/answer.js';
import { call } from '../state/api.js';
import { useAction } from '../state/use-action.js';

const COLUMNS: readonly Column<AuditLine>[] = [
  { key: 'at', title: 'When (UTC)', width: 168, cell: ({ at }) => <span class="figure">{utc(at)}</span> },
  { key: 'actor', title: 'Who', width: 90, cell: ({ actor }) => actor },
  { key: 'type', title: 'What', width: 146, cell: ({ type }) => <span class="mono">{type}</span> },
  {
    key: 'text',
    title: 'In words',
    width: 380,
    cell: ({ text }) => <CutText text={text} />,
  },
  { key: 'seq', title: 'Record', width: 70, align: 'right', cell: ({ seq }) => <span class="figure muted">{seq}</span> },
];

const Verify = () => {
  const [result, setResult] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const { busy, refused, run, clear } = useAction();
  const verify = async (): Promise<void> => setResult(await call('audit.verify', { body: {} }));
  return (
    <>
      <Button small busy={busy} onClick={() => void run(verify)}>
        Verify every record
      </Button>
      {result === null && refused === null ? null : (
        <Dialog
          open
          title={refused !== null ? 'Not verified' : result?.ok === true ? 'The audit log is whole' : 'The audit log is broken'}
          onClose={() => {
            setResult(null);
            clear();
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

const LIMIT = 200;
const ALL = { text: '', actor: '', type: '' };

/** Who did what, when and why: every record of the workspace, checked on demand. */
export const AuditPanel = () => {
  const [{ before, ...filter }, setAsked] = useState<typeof ALL & { readonly before: number | null }>({ ...ALL, before: null });
  const [open, setOpen] = useState<AuditLine | null>(null);
  const useWord = (word: keyof typeof ALL) =>
    useDelayed(filter[word], typed => setAsked(asked => ({ ...asked, [word]: typed, before: null })));
  const [text, setText] = useWord('text');
  const [actor, setActor] = useWord('actor');
  const [type, setType] = useWord('type');
  const answer = useAnswer('audit.list', {
    query: {
      limit: LIMIT,
      ...Object.fromEntries(Object.entries(filter).filter(([, typed]) => typed !== '')),
      ...(before !== null && { before }),
    },
  });
  const records = answer.value?.records ?? null;
  const show = (older: number | null): void => setAsked(asked => ({ ...asked, before: older }));
  return (
    <Panel title="Audit log" note={answer.value === null ? undefined : `${count(answer.value.total)} records`} aside={<Verify />} flush>
      <Toolbar label="Filter the audit log">
        <TextField label="Words" placeholder="Words" type="search" value={text} onInput={setText} />
        <TextField label="Who" placeholder="Who" type="search" value={actor} onInput={setActor} />
        <TextField label="Type" placeholder="Type" type="search" value={type} onInput={setType} />
        <Spacer />
        {before === null ? null : (
          <Button small onClick={() => show(null)}>
            Newest
          </Button>
        )}
        <Button
          small
          disabled={records === null || records.length < LIMIT}
          title={records === null || records.length < LIMIT ? 'There are no older records' : undefined}
          onClick={() => show(records?.at(-1)?.seq ?? null)}
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
