import { bp, countdown, percent, price, priceDigits, utcClock } from '../parts/figures.js';
import { Tile, Tiles } from '../parts/tile.js';
import { toneOf } from '../parts/tone.js';
import { now } from '../state/now.js';
import type { MarketTick } from '../../api/stream.js';

/** Last, mark, spread and funding of a symbol. `dayChange` is the last price against that of a day before. */
export const QuoteTiles = ({
  tick,
  marketTime,
  practice,
  dayChange,
}: {
  readonly tick: MarketTick;
  readonly marketTime: number | null;
  readonly practice: boolean;
  readonly dayChange: number | null;
}) => {
  const digits = priceDigits(tick.last ?? 1);
  const middle = tick.bid === null || tick.ask === null ? null : (tick.bid + tick.ask) / 2;
  const spread = middle === null ? null : (tick.ask! - tick.bid!) / middle;
  // Practice runs at a pace of its own; on a real venue this computer's clock counts more smoothly than messages come.
  const time = practice ? (marketTime ?? tick.at) : now.value;
  const left = tick.nextFundingAt === null || time === null ? null : tick.nextFundingAt - time;
  return (
    <Tiles>
      <Tile
        label="Last"
        value={price(tick.last, digits)}
        delta={dayChange === null ? undefined : `${percent(dayChange, 2, true)} in 24 h`}
        tone={toneOf(dayChange)}
      />
      <Tile
        label="Bid / ask"
        value={<span class="pair">{`${price(tick.bid, digits)} / ${price(tick.ask, digits)}`}</span>}
        delta={`spread ${bp(spread)}`}
      />
      <Tile label="Mark" value={price(tick.mark, digits)} delta={`index ${price(tick.index, digits)}`} />
      <Tile
        label="Next funding"
        title="What a long position pays a short one, as a fraction of notional; negative is the other way"
        value={tick.fundingRate === null ? '–' : percent(tick.fundingRate, 4, true)}
        tone={toneOf(tick.fundingRate === null ? null : -tick.fundingRate)}
        delta={left === null ? undefined : `in ${countdown(left)}`}
      />
      <Tile label="Quote of" value={utcClock(tick.at)} delta="UTC, market time" />
    </Tiles>
  );
};
