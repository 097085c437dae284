import { useState } from 'preact/hooks';
import type { LogLine } from '../../api/accounts-api.js';
import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Json } from '../parts/code.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { Toolbar } from '../parts/toolbar.js';
import type { Tone } from '../parts/tone.js';
import { useAnswer } from '../state/answer.js';
import { place, setQuery } from '../state/route.js';
import { logRows, type LogRow } from './log-rows.js';
import { useDelayed } from './use-delayed.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const TONES: Readonly<Record<LogLine['level'], Tone>> = {
  trace: 'neutral',
  debug: 'neutral',
  info: 'neutral',
  warn: 'warn',
  error: 'alarm',
  fatal: 'alarm',
};

const time = (at: string): string => at.slice(0, 23).replace('T', ' ');
const isEmpty = (fields: unknown): boolean => typeof fields !== 'object' || fields === null || Object.keys(fields).length === 0;

const COLUMNS: readonly Column<LogRow>[] = [
  { key: 'at', title: 'Time (UTC)', width: 208, cell: row => <span class="figure">{time(row.at)}</span> },
  { key: 'level', title: 'Level', width: 80, cell: row => <Badge tone={TONES[row.level]}>{row.level}</Badge> },
  { key: 'text', title: 'Text', width: 480, cell: row => <span class="ellipsis">{row.text}</span> },
  {
    key: 'fields',
    title: 'With',
    width: 420,
    cell: row => <span class="ellipsis mono muted">{isEmpty(row.fields) ? '' : JSON.stringify(row.fields)}</span>,
  },
];

/** The session's log, newest first, asked for again every two seconds unless it is held. A row opens with all its fields. */
export const LogPanel = ({ account }: { readonly account: string }) => {
  const [isHeld, setHeld] = useState(false);
  const [opened, setOpened] = useState<LogLine | null>(null);
  const level = LEVELS.find(each => each === place.value.query.get('level'));
  const word = place.value.query.get('words') ?? '';
  const [text, setText] = useDelayed(word, typed => setQuery({ words: typed.trim() }));
  const answer = useAnswer(
    'accounts.log',
    { params: { account }, query: { limit: 1000, ...(level !== undefined && { level }), ...(word !== '' && { text: word }) } },
    isHeld ? 0 : 2000,
  );
  return (
    <div class="stack">
      <div class="journal-filters">
        <Toolbar label="What to show">
          <TextField label="Search" type="search" value={text} onInput={setText} />
          <SelectField
            label="Level"
            value={level ?? ''}
            options={[
              { value: '', text: 'All levels' },
              ...LEVELS.map(each => ({ value: each, text: each === 'fatal' ? each : `${each} and above` })),
            ]}
            onChange={value => setQuery({ level: value })}
          />
        </Toolbar>
      </div>
      <Panel
        title="Session log"
        note="Newest first; secrets are taken out"
        aside={
          <Button small pressed={!isHeld} onClick={() => setHeld(!isHeld)}>
            {isHeld ? 'Follow' : 'Pause'}
          </Button>
        }
        flush
      >
        <Answered answer={answer} height={620}>
          {({ lines }) => (
            <DataTable
              caption="Lines of the session log, newest first"
              columns={COLUMNS}
              rows={logRows(lines)}
              rowKey={row => row.key}
              onRow={setOpened}
              height={620}
              empty={<EmptyNote title={level === undefined && word === '' ? 'The log is empty.' : 'No line matches.'} />}
            />
          )}
        </Answered>
      </Panel>
      <Dialog title="Log line" open={opened !== null} onClose={() => setOpened(null)} sheet>
        {opened === null ? null : (
          <div class="stack">
            <p>
              <Badge tone={TONES[opened.level]}>{opened.level}</Badge> <span class="figure muted">{time(opened.at)} UTC</span>
            </p>
            <p>{opened.text}</p>
            <Json value={opened.fields} />
          </div>
        )}
      </Dialog>
    </div>
  );
};
