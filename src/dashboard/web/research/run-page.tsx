import { useState } from 'preact/hooks';
import type { RunView } from '../../api/research-api.js';
import { Answered } from '../parts/answered.js';
import { Badge, SyntheticBadge } from '../parts/badge.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { Tabs } from '../parts/tabs.js';
import { useAnswer } from '../state/answer.js';
import { EquityPanel } from './equity-panel.js';
import { evidenceSummary } from './evidence-summary.js';
import { EvidencePanel } from './evidence-panel.js';
import { FoldsPanel } from './folds-panel.js';
import { FramedPage, OpenAlone } from './framed-page.js';
import { addressOf } from '../state/route.js';
import { RunFacts } from './run-facts.js';
import { RunTiles } from './run-tiles.js';

const Pages = ({ pages }: { readonly pages: RunView['pages'] }) => {
  const [chosen, setChosen] = useState(pages[0]?.path ?? '');
  const page = pages.find(({ path }) => path === chosen) ?? pages[0];
  if (page === undefined) return null;
  return (
    <Panel title={pages.length === 1 ? page.title : 'Reports'} flush aside={<OpenAlone path={page.path} />}>
      {pages.length === 1 ? null : (
        <Tabs label="Reports" items={pages.map(({ title, path }) => ({ key: path, title }))} chosen={page.path} onChoose={setChosen} />
      )}
      <FramedPage key={page.path} title={page.title} path={page.path} />
    </Panel>
  );
};

const Shown = ({ run }: { readonly run: RunView }) => {
  const { line, pages, folds } = run;
  const evidence = evidenceSummary(run.evidence);
  return (
    <Grid>
      <Cell span={12}>
        <div class="page-head">
          <a class="back" href={addressOf('/research')}>
            ← Runs
          </a>
          <h2>
            {line.strategy} <span class="muted">on {line.dataset}</span>
          </h2>
          <Badge>{line.command}</Badge>
          {line.synthetic === true ? <SyntheticBadge /> : null}
          <span class="mono muted">{line.run}</span>
        </div>
        <RunTiles line={line} evidence={evidence} />
      </Cell>
      {run.equity.ts.length === 0 ? null : (
        <Cell span={12}>
          <EquityPanel run={run} />
        </Cell>
      )}
      {folds.length === 0 ? null : (
        <Cell span={12}>
          <FoldsPanel folds={folds} />
        </Cell>
      )}
      <Cell span={7}>
        <EvidencePanel run={line.run} evidence={evidence} />
      </Cell>
      <Cell span={5}>
        <RunFacts run={run} />
      </Cell>
      <Cell span={12}>
        <Pages pages={pages} />
      </Cell>
    </Grid>
  );
};

/** Everything about one finished run. */
export const RunPage = ({ run }: { readonly run: string }) => {
  const answer = useAnswer('runs.show', { params: { run } });
  return (
    <Answered answer={answer} height={420}>
      {value => <Shown run={value} />}
    </Answered>
  );
};
