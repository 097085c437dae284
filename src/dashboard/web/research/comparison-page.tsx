import { Answered } from '../parts/answered.js';
import { Code, Json } from '../parts/code.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { utcDay } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';
import { comparisonSummary, type ComparedFigure, type ComparisonSummary } from './comparison-figures.js';
import { FramedPage, OpenAlone } from './framed-page.js';
import { metricWords } from './metric-words.js';
import { addressOf } from '../state/route.js';

const columnsOf = ({ runs }: ComparisonSummary): readonly Column<ComparedFigure>[] => [
  { key: 'metric', title: 'Figure', width: 130, cell: ({ metric }) => metricWords(metric).title },
  ...runs.map(({ name, runId }, at): Column<ComparedFigure> => ({
    key: runId,
    title: at === 0 ? `${name} (first)` : name,
    width: 180,
    align: 'right',
    hint: runId,
    cell: ({ metric, values, differences }) => {
      const { text, signed } = metricWords(metric);
      const value = values[at] ?? null;
      const apart = differences[at] ?? null;
      return (
        <span class="compared">
          <Figure text={text(value)} {...(signed && { value })} />
          {apart === null ? null : (
            <span
              class="muted figure"
              title={`Difference from the first on the days that both have: ${text(apart.difference)}, 95% interval`}
            >
              {text(apart.low)} to {text(apart.high)}
            </span>
          )}
        </span>
      );
    },
  })),
];

const Side = ({ of }: { readonly of: ComparisonSummary }) => (
  <Panel
    title="Key figures"
    note={
      of.common === null
        ? undefined
        : `Below a figure: interval of the difference from the first, over ${of.common.periods} common days, ${utcDay(of.common.from)} to ${utcDay(of.common.to)}`
    }
    flush
  >
    {of.cautions.length === 0 ? null : (
      <ul class="cautions">
        {of.cautions.map(caution => (
          <li key={caution}>{caution}</li>
        ))}
      </ul>
    )}
    <DataTable caption="Runs side by side" columns={columnsOf(of)} rows={of.figures} rowKey={({ metric }) => metric} empty="No figures." />
  </Panel>
);

/** Two runs or more against each other. */
export const ComparisonPage = ({ runs }: { readonly runs: readonly string[] }) => {
  const answer = useAnswer('runs.compare', runs.length < 2 ? null : { query: { runs: runs.join(',') } });
  if (runs.length < 2)
    return (
      <Panel title="Compare">
        <EmptyNote title="A comparison needs two runs or more">
          Tick them in the <a href={addressOf('/research')}>table of runs</a>.
        </EmptyNote>
      </Panel>
    );
  return (
    <Grid>
      <Cell span={12}>
        <div class="page-head">
          <a class="back" href={addressOf('/research')}>
            ← Runs
          </a>
          <h2>{runs.length} runs compared</h2>
        </div>
      </Cell>
      <Cell span={12}>
        <Answered answer={answer} height={420}>
          {({ document, page }) => {
            const summary = comparisonSummary(document);
            return (
              <div class="stack">
                {summary === null ? (
                  <Panel title="Comparison">
                    <Json value={document} />
                  </Panel>
                ) : (
                  <Side of={summary} />
                )}
                {page === null ? null : (
                  <Panel title="Comparison" flush aside={<OpenAlone path={page} />}>
                    <FramedPage title="Comparison of runs" path={page} />
                  </Panel>
                )}
                <Code text={`quantai compare ${runs.join(' ')}`} />
              </div>
            );
          }}
        </Answered>
      </Cell>
    </Grid>
  );
};
