import { Badge } from '../parts/badge.js';
import { CutText } from '../parts/cut-text.js';
import type { Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { utc } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { call } from '../state/api.js';
import { queryWord, setQuery } from '../state/route.js';
import type { DecisionView } from '../../api/accounts-api.js';
import { codeWords } from '../orders/code-words.js';
import { PagedTable } from '../orders/paged-table.js';
import { usePagedRows } from '../orders/use-paged-rows.js';
import { DECIDING_FACTS, DECISION_KINDS, decisionTone } from './decision-words.js';

const chosenKind = queryWord('kind');

const because = ({ code, reason }: DecisionView): string => {
  const words = code === null ? null : codeWords(code);
  return [words, reason].filter(text => text !== null && text !== '').join('. ');
};

const COLUMNS: readonly Column<DecisionView>[] = [
  { key: 'ts', title: 'Time (UTC)', width: 172, cell: row => <Figure text={utc(row.ts)} /> },
  { key: 'kind', title: 'Kind', width: 105, cell: row => <Badge tone={decisionTone(row.kind)}>{row.kind}</Badge> },
  {
    key: 'strategy',
    title: 'Strategy',
    width: 95,
    cell: row => <span class="ellipsis">{row.strategy === '' ? 'the broker' : row.strategy}</span>,
  },
  { key: 'symbol', title: 'Symbol', width: 134, cell: row => row.symbol ?? '–' },
  {
    key: 'text',
    title: 'Decision',
    width: 330,
    cell: row => <CutText text={row.text} />,
  },
  { key: 'code', title: 'Code', width: 120, cell: row => <span class="mono ellipsis">{row.code ?? ''}</span> },
  {
    key: 'reason',
    title: 'Reason',
    width: 215,
    cell: row => <CutText text={because(row)} look="muted" />,
  },
];

/** What strategies wanted and what was denied of it, newest first, as it happens. A row opens why. */
export const DecisionsPanel = ({ account, strategy }: { readonly account: string; readonly strategy: string }) => {
  const kind = chosenKind.value ?? '';
  const list = usePagedRows(`${account} ${strategy} ${kind}`, DECIDING_FACTS, (after, signal) =>
    call('accounts.decisions', {
      params: { account },
      query: { limit: 100, ...(after !== undefined && { after }), ...(kind !== '' && { kind }), ...(strategy !== '' && { strategy }) },
      signal,
    }),
  );
  return (
    <Panel
      title="Decisions"
      note="What strategies wanted, and what was denied"
      aside={
        <SelectField label="Kind of decision" bare value={kind} options={DECISION_KINDS} onChange={value => setQuery({ kind: value })} />
      }
      flush
    >
      <PagedTable
        list={list}
        caption="Decisions, newest first"
        columns={COLUMNS}
        narrow={['kind', 'symbol', 'text', 'reason', 'ts']}
        height={440}
        empty={kind === '' && strategy === '' ? 'Nothing has been decided yet.' : 'No decision is of this kind.'}
        rowClass={row => (row.kind === 'denied' ? 'denied' : undefined)}
      />
    </Panel>
  );
};
