import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunLine } from '../../api/research-api.js';
import { Answered } from '../parts/answered.js';
import { Badge, SyntheticBadge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { count, percent, ratio, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { Spacer, Toolbar } from '../parts/toolbar.js';
import { useAnswer } from '../state/answer.js';
import { goTo } from '../state/route.js';
import { jobs } from '../state/stream.js';
import { toggled, wantedRuns, wordsOf } from './run-filter.js';
import { VerdictBadge } from './verdict-badge.js';

const columnsOf = (chosen: readonly string[], choose: (run: string) => void): readonly Column<RunLine>[] => [
  {
    key: 'run',
    title: 'Run',
    width: 230,
    sort: ({ run }) => run,
    cell: ({ run, strategy }) => (
      <span class="run-name">
        <input type="checkbox" aria-label={`Compare ${run}`} checked={chosen.includes(run)} onChange={() => choose(run)} />
        <span class="two-lines" title={run}>
          <span>{strategy}</span>
          <span class="muted mono">{run}</span>
        </span>
      </span>
    ),
  },
  { key: 'command', title: 'Kind', width: 120, sort: ({ command }) => command, cell: ({ command }) => <Badge>{command}</Badge> },
  {
    key: 'dataset',
    title: 'Dataset',
    width: 150,
    sort: ({ dataset }) => dataset,
    cell: ({ dataset, synthetic }) => (
      <span class="inline">
        <CutText text={dataset} />
        {synthetic === true ? <SyntheticBadge /> : null}
      </span>
    ),
  },
  {
    key: 'verdict',
    title: 'Evidence',
    width: 104,
    sort: ({ verdict }) => verdict,
    cell: ({ verdict }) => <VerdictBadge verdict={verdict} />,
  },
  {
    key: 'totalReturn',
    title: 'Net return',
    width: 92,
    align: 'right',
    hint: 'After all costs; out of sample for a walk-forward',
    sort: ({ totalReturn }) => totalReturn,
    cell: ({ totalReturn }) => (
      <Figure text={percent(totalReturn, 1, true)} value={totalReturn} reason="This kind of run has no one result." />
    ),
  },
  {
    key: 'sharpe',
    title: 'Sharpe',
    width: 74,
    align: 'right',
    hint: 'Annual',
    sort: ({ sharpe }) => sharpe,
    cell: ({ sharpe }) => <Figure text={ratio(sharpe)} />,
  },
  {
    key: 'maxDrawdown',
    title: 'Max DD',
    width: 82,
    align: 'right',
    hint: 'Largest fall from a peak',
    sort: ({ maxDrawdown }) => maxDrawdown,
    cell: ({ maxDrawdown }) => <Figure text={percent(maxDrawdown, 1)} />,
  },
  {
    key: 'trades',
    title: 'Trades',
    width: 74,
    align: 'right',
    sort: ({ trades }) => trades,
    cell: ({ trades }) => <Figure text={count(trades)} />,
  },
  {
    key: 'winRate',
    title: 'Wins',
    width: 68,
    align: 'right',
    sort: ({ winRate }) => winRate,
    cell: ({ winRate }) => <Figure text={percent(winRate, 0)} />,
  },
  {
    key: 'at',
    title: 'Made (UTC)',
    width: 136,
    align: 'right',
    sort: ({ at }) => at,
    cell: ({ at }) => <span class="figure muted">{utcMinute(at)}</span>,
  },
];

/** Every finished run: filtered, sorted, opened, and compared. */
export const RunsPanel = () => {
  const answer = useAnswer('runs.list', { query: { limit: 1000 } }, 15_000);
  // A job that ends has made a run: it is shown at once.
  const made = jobs.value?.filter(({ run }) => run !== null).length ?? null;
  const before = useRef(made);
  useEffect(() => {
    if (before.current !== null && made !== null && made > before.current) answer.refresh();
    before.current = made;
  }, [made]);
  const [strategy, setStrategy] = useState('');
  const [command, setCommand] = useState('');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const runs = answer.value?.runs ?? null;
  const shown = useMemo(() => (runs === null ? null : wantedRuns(runs, { strategy, command, text })), [runs, strategy, command, text]);
  const columns = useMemo(() => columnsOf(chosen, run => setChosen(toggled(chosen, run))), [chosen]);
  const choice = (words: readonly string[], every: string) => [{ value: '', text: every }, ...words.map(value => ({ value, text: value }))];
  return (
    <Panel
      title="Runs"
      note={runs === null ? undefined : `${count(shown?.length)} of ${count(runs.length)}`}
      aside={
        <Button kind="primary" small onClick={() => goTo('/research', { new: 'backtest' })}>
          New run
        </Button>
      }
      flush
    >
      <Toolbar label="Filter runs">
        <TextField label="Search runs" type="search" placeholder="Search runs" value={text} onInput={setText} />
        <SelectField
          bare
          label="Strategy"
          value={strategy}
          onChange={setStrategy}
          options={choice(wordsOf(runs ?? [], 'strategy'), 'All strategies')}
        />
        <SelectField
          bare
          label="Kind"
          value={command}
          onChange={setCommand}
          options={choice(wordsOf(runs ?? [], 'command'), 'All kinds')}
        />
        <Spacer />
        {chosen.length === 0 ? null : (
          <Button kind="quiet" small onClick={() => setChosen([])}>
            Clear {chosen.length}
          </Button>
        )}
        <Button
          small
          disabled={chosen.length < 2}
          title={chosen.length < 2 ? 'Tick two runs or more' : undefined}
          onClick={() => goTo('/research', { compare: chosen.join(',') })}
        >
          Compare {chosen.length > 1 ? chosen.length : ''}
        </Button>
      </Toolbar>
      <Answered answer={{ ...answer, value: shown }} rows={5}>
        {rows => (
          <DataTable
            caption="Finished runs"
            columns={columns}
            rows={rows}
            rowKey={({ run }) => run}
            isChosen={({ run }) => chosen.includes(run)}
            onRow={({ run }) => goTo('/research', { run })}
            page={25}
            empty={
              runs !== null && runs.length > 0 ? (
                <EmptyNote title="No run is like that">Take a filter away.</EmptyNote>
              ) : (
                <EmptyNote title="No runs yet" command="quantai backtest sma-cross --dataset sample">
                  Begin one with “New run”, or on the command line:
                </EmptyNote>
              )
            }
          />
        )}
      </Answered>
    </Panel>
  );
};
