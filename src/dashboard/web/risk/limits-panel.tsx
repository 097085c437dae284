import { useState } from 'preact/hooks';
import type { AccountView, LimitView } from '../../api/accounts-api.js';
import { Button } from '../parts/button.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { NONE, percent } from '../parts/figures.js';
import { Meter } from '../parts/meter.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { lacksRole } from '../state/roles.js';
import { LimitDialog } from './limit-dialog.js';
import { firstColumns } from '../orders/first-columns.js';
import { useNarrow } from '../orders/use-narrow.js';
import { byUse } from './limit-rows.js';
import { limitText } from './limit-text.js';

const scopeText = (scope: string): string => (scope === '' ? 'account' : scope);

const columns = (edit: (row: LimitView) => void, cannot: string | null): readonly Column<LimitView>[] => [
  {
    key: 'title',
    title: 'Limit',
    width: 250,
    cell: row => (
      <span class="ellipsis" title={row.path}>
        {row.title}
      </span>
    ),
  },
  {
    key: 'scope',
    title: 'Of',
    width: 110,
    cell: row => <span class={`ellipsis ${row.scope === '' ? 'muted' : ''}`}>{scopeText(row.scope)}</span>,
  },
  {
    key: 'meter',
    title: 'Use',
    width: 170,
    cell: row =>
      row.use === null ? (
        <span class="muted">{row.limit === null ? '' : 'not measured'}</span>
      ) : (
        <Meter
          label={`Use of ${row.title}, ${scopeText(row.scope)}`}
          use={row.use}
          text={`${limitText(row.used, row.unit)} of ${limitText(row.limit, row.unit)}`}
        />
      ),
  },
  {
    key: 'use',
    title: '%',
    hint: 'Used ÷ limit',
    width: 70,
    align: 'right',
    cell: row => <Figure text={percent(row.use, 0)} reason="Nothing is measured against it now." />,
  },
  {
    key: 'used',
    title: 'Used',
    width: 105,
    align: 'right',
    cell: row => <Figure text={row.used === null ? NONE : limitText(row.used, row.unit)} reason="It is not known now." />,
  },
  {
    key: 'limit',
    title: 'Limit',
    width: 105,
    align: 'right',
    cell: row => <span class={`figure ${row.limit === null ? 'muted' : ''}`}>{limitText(row.limit, row.unit)}</span>,
  },
  {
    key: 'where',
    title: 'Where',
    hint: 'What is nearest to the limit',
    width: 120,
    cell: row => <span class="ellipsis muted">{row.of ?? ''}</span>,
  },
  {
    key: 'edit',
    title: 'Change',
    width: 90,
    cell: row =>
      row.scope === '' ? (
        <Button small label={`Change ${row.title}`} disabled={cannot !== null} title={cannot ?? undefined} onClick={() => edit(row)}>
          Change
        </Button>
      ) : (
        <span class="muted" title="A change of the account’s limit holds for its strategies too.">
          as account
        </span>
      ),
  },
];

/** Each limit with what is used of it, the one that is nearest first, and a way to change it. */
export const LimitsPanel = ({
  view,
  limits,
  onChanged,
}: {
  readonly view: AccountView;
  readonly limits: readonly LimitView[];
  readonly onChanged: () => void;
}) => {
  const [edited, setEdited] = useState<LimitView | null>(null);
  const [scope, setScope] = useState('*');
  const [isWhole, setWhole] = useState(false);
  const isNarrow = useNarrow();
  const cannot = lacksRole('operator') ?? (view.running ? null : 'No session runs on this account.');
  const ofScope = limits.filter(each => scope === '*' || each.scope === scope);
  const used = ofScope.filter(each => each.limit !== null && (each.use !== null || each.scope === '' || each.scope === scope));
  const hidden = ofScope.length - used.length;
  const scopes = [...new Set(limits.map(each => each.scope))].sort();
  return (
    <Panel
      title="Limits"
      note="What is used of each, the nearest first"
      aside={
        <span class="row">
          {hidden === 0 ? null : (
            <Button small pressed={isWhole} onClick={() => setWhole(!isWhole)}>
              Show {hidden} more
            </Button>
          )}
          {scopes.length < 2 ? null : (
            <SelectField
              label="Whose limits"
              bare
              value={scope}
              options={[{ value: '*', text: 'All limits' }, ...scopes.map(each => ({ value: each, text: scopeText(each) }))]}
              onChange={setScope}
            />
          )}
        </span>
      }
      flush
    >
      <DataTable
        caption="Limits and their use"
        columns={isNarrow ? firstColumns(columns(setEdited, cannot), ['title', 'use', 'limit', 'edit']) : columns(setEdited, cannot)}
        rows={byUse(isWhole ? ofScope : used)}
        rowKey={({ scope: whose, path }) => `${whose} ${path}`}
        page={100}
        empty={<EmptyNote title="No limits are known yet.">The session says them when it begins.</EmptyNote>}
      />
      {edited === null ? null : <LimitDialog account={view.account} limit={edited} onClose={() => setEdited(null)} onChanged={onChanged} />}
    </Panel>
  );
};
