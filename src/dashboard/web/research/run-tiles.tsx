import type { RunLine } from '../../api/research-api.js';
import { count, money, percent, ratio } from '../parts/figures.js';
import { Tile, Tiles } from '../parts/tile.js';
import { toneOf } from '../parts/tone.js';
import type { EvidenceSummary } from './evidence-summary.js';
import { VerdictBadge } from './verdict-badge.js';

/** Did it make money after costs, at what risk, and how much should one believe it? */
export const RunTiles = ({ line, evidence }: { readonly line: RunLine; readonly evidence: EvidenceSummary | null }) => {
  const interval = evidence?.interval ?? null;
  return (
    <Tiles>
      <Tile
        label="Net return"
        value={percent(line.totalReturn, 1, true)}
        tone={toneOf(line.totalReturn)}
        delta={`${percent(line.cagr, 1, true)} a year`}
      />
      <Tile
        label="Sharpe"
        value={ratio(line.sharpe)}
        delta={
          interval === null
            ? `Sortino ${ratio(line.sortino)}`
            : `${Math.round(interval.level * 100)}%: ${ratio(interval.low)} to ${ratio(interval.high)}`
        }
      />
      <Tile label="Max drawdown" value={percent(line.maxDrawdown, 1)} delta={`volatility ${percent(line.volatility, 1)}`} />
      <Tile label="Trades" value={count(line.trades)} delta={`${percent(line.winRate, 0)} won`} />
      <Tile label="Profit factor" value={ratio(line.profitFactor)} delta={`ends at ${money(line.finalEquity)}`} />
      <Tile
        label="Evidence"
        value={<VerdictBadge verdict={line.verdict} />}
        delta={evidence === null ? undefined : `${count(evidence.figures[0]?.value)} tried`}
      />
    </Tiles>
  );
};
