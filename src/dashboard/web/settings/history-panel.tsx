import type { AnswerOf } from '../../api/endpoints.js';
import { Answered } from '../parts/answered.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { utc } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';

type Change = AnswerOf<'settings.history'>['changes'][number];

const shown = (value: unknown): string =>
  value === null || value === undefined ? 'default' : typeof value === 'string' ? value : JSON.stringify(value);
const cell = (value: unknown) => <CutText text={shown(value)} look="mono" />;

const COLUMNS: readonly Column<Change>[] = [
  { key: 'at', title: 'When (UTC)', width: 168, sort: ({ at }) => at, cell: ({ at }) => <span class="figure">{utc(at)}</span> },
  { key: 'by', title: 'Who', width: 90, sort: ({ by }) => by, cell: ({ by }) => by },
  { key: 'key', title: 'Setting', width: 170, sort: ({ key }) => key, cell: ({ key }) => <code>{key}</code> },
  { key: 'before', title: 'Before', width: 130, cell: ({ before }) => cell(before) },
  { key: 'after', title: 'After', width: 130, cell: ({ after }) => cell(after) },
  {
    key: 'reason',
    title: 'Why',
    width: 220,
    cell: ({ reason }) => (
      <span class="ellipsis" title={reason}>
        {reason === '' ? '–' : reason}
      </span>
    ),
  },
];

/** Who changed which setting, when and why. */
export const HistoryPanel = () => {
  const answer = useAnswer('settings.history', {});
  return (
    <Panel title="Changes" note="From the audit log, newest first" flush>
      <Answered answer={answer} rows={5}>
        {({ changes }) => (
          <DataTable
            caption="Changes of settings"
            columns={COLUMNS}
            rows={changes}
            rowKey={({ at, key }) => `${at} ${key}`}
            empty={
              <EmptyNote title="No setting was ever changed here">Changes in quantai.config.ts are in the history of that file.</EmptyNote>
            }
          />
        )}
      </Answered>
    </Panel>
  );
};
