import { useState } from 'preact/hooks';
import type { DatasetView } from '../../api/data-api.js';
import { Answered } from '../parts/answered.js';
import { SyntheticBadge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Json } from '../parts/code.js';
import { bytes, count, utcDay, utcMinute } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { Tile, Tiles } from '../parts/tile.js';
import { useAnswer } from '../state/answer.js';
import { addressOf } from '../state/route.js';
import { BarsPanel } from './bars-panel.js';
import { DatasetDialog } from './dataset-dialog.js';
import { FindingsPanel } from './findings-panel.js';
import { GapTimeline } from './gap-line.js';
import { SeriesPanel } from './series-panel.js';

const VersionsPanel = ({ versions, current }: { readonly versions: DatasetView['versions']; readonly current: string }) => (
  <Panel title="Versions" note="A run names the version that it read">
    <ol class="timeline">
      {versions.map(({ version, at, rows }) => (
        <li key={version}>
          <span class="timeline-at figure muted">{utcMinute(at)}</span>
          <span class="timeline-text">
            <span class="mono">{version.slice(0, 12)}</span> {version === current ? <strong>now</strong> : null}{' '}
            <span class="muted figure">{count(rows)} rows</span>
          </span>
        </li>
      ))}
    </ol>
  </Panel>
);

const Shown = ({ view }: { readonly view: DatasetView }) => {
  const { line, gaps } = view;
  const missing = gaps.reduce((sum, { bars }) => sum + bars, 0);
  const [isChecking, setChecking] = useState(false);
  return (
    <Grid>
      <Cell span={12}>
        <div class="page-head">
          <a class="back" href={addressOf('/data')}>
            ← Data
          </a>
          <h2>{line.dataset}</h2>
          {line.synthetic ? <SyntheticBadge /> : null}
          <span class="muted">{line.source}</span>
          <span class="spacer" />
          <Button small onClick={() => setChecking(true)}>
            Check
          </Button>
        </div>
        <Tiles>
          <Tile label="Symbols" value={count(line.symbols.length)} delta={line.symbols.slice(0, 2).join(', ')} />
          <Tile label="From" value={utcDay(line.from)} delta="UTC" />
          <Tile label="To" value={utcDay(line.to)} delta="UTC" />
          <Tile label="Rows" value={count(line.rows)} delta={bytes(line.bytes)} />
          <Tile
            label="Missing bars"
            value={count(missing)}
            delta={gaps.length === 0 ? 'no gaps' : `${count(gaps.length)} gaps`}
            tone={missing > 0 ? 'warn' : 'neutral'}
          />
          <Tile label="Findings" value={count(line.findings)} delta="of the quality checks" tone={line.findings > 0 ? 'warn' : 'neutral'} />
        </Tiles>
      </Cell>
      <Cell span={12}>
        <Panel title="Coverage" note="Where bars are, and where they are missing, UTC">
          <GapTimeline view={view} />
        </Panel>
      </Cell>
      <Cell span={12}>
        <BarsPanel dataset={line.dataset} series={view.series} />
      </Cell>
      <Cell span={7}>
        <FindingsPanel findings={view.findings} />
      </Cell>
      <Cell span={5}>
        <VersionsPanel versions={view.versions} current={line.version} />
      </Cell>
      <Cell span={12}>
        <SeriesPanel series={view.series} />
      </Cell>
      <Cell span={12}>
        <Panel title="Manifest" note="Files, hashes, and how each source was read">
          <details>
            <summary>Show</summary>
            <Json value={view.manifest} />
          </details>
        </Panel>
      </Cell>
      {isChecking ? <DatasetDialog kind="check" datasets={[line]} dataset={line.dataset} onClose={() => setChecking(false)} /> : null}
    </Grid>
  );
};

/** Everything about one dataset. */
export const DatasetPage = ({ dataset }: { readonly dataset: string }) => {
  const answer = useAnswer('datasets.show', { params: { dataset } });
  return (
    <Answered answer={answer} height={420}>
      {view => <Shown view={view} />}
    </Answered>
  );
};
