import type { DatasetView } from '../../api/data-api.js';
import { count, percent, utcDay, utcMinute } from '../parts/figures.js';
import { coverage, gapMarks } from './gap-spans.js';

type Series = DatasetView['series'][number];

const PIXELS = 600;

/** The time of one series as a line, with its gaps; `range` is that of the whole dataset, so that lines can be compared. */
export const GapLine = ({
  series,
  gaps,
  range,
}: {
  readonly series: Series;
  readonly gaps: DatasetView['gaps'];
  readonly range: { readonly from: number; readonly to: number };
}) => {
  const own = gaps.filter(({ symbol, timeframe }) => symbol === series.symbol && timeframe === series.timeframe);
  const missing = own.reduce((sum, { bars }) => sum + bars, 0);
  const width = Math.max(1, range.to - range.from);
  const from = series.from ?? range.from;
  const to = series.to ?? range.to;
  const name = `${series.symbol} ${series.timeframe ?? ''}`.trim();
  return (
    <div class="gap-line">
      <span class="gap-name">{name}</span>
      <svg
        viewBox={`0 0 ${PIXELS} 18`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: ${own.length === 0 ? 'no gaps' : `${own.length} gaps, ${missing} bars missing`}`}
      >
        <rect class="gap-ground" x="0" y="7" width={PIXELS} height="4" />
        <rect
          class="gap-there"
          x={((from - range.from) / width) * PIXELS}
          y="3"
          width={Math.max(1, ((to - from) / width) * PIXELS)}
          height="12"
        />
        {gapMarks(own, range, PIXELS).map(mark => (
          <rect key={mark.from} class="gap-mark" x={mark.left * PIXELS} y="1" width={mark.width * PIXELS} height="16">
            <title>
              {`${mark.gaps === 1 ? 'Gap' : `${mark.gaps} gaps`} from ${utcMinute(mark.from)} to ${utcMinute(mark.to)}: ${count(mark.bars)} bars`}
            </title>
          </rect>
        ))}
      </svg>
      <span class="gap-share figure" title={`${count(missing)} bars missing`}>
        {percent(coverage(series.rows, own), own.length === 0 ? 0 : 2)}
      </span>
    </div>
  );
};

/** All series of bars under one axis of time. */
export const GapTimeline = ({ view: { series, gaps, line } }: { readonly view: DatasetView }) => {
  const bars = series.filter(({ kind }) => kind === 'bars');
  const range = { from: line.from ?? 0, to: line.to ?? 0 };
  if (bars.length === 0) return <p class="muted">This dataset has no bars.</p>;
  return (
    <div class="gap-timeline">
      {bars.map(each => (
        <GapLine key={`${each.symbol} ${each.timeframe ?? ''}`} series={each} gaps={gaps} range={range} />
      ))}
      <div class="gap-axis figure muted">
        <span>{utcDay(range.from)}</span>
        <span>{utcDay(range.to)}</span>
      </div>
    </div>
  );
};
