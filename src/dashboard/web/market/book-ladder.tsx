import { decimal, price, priceDigits } from '../parts/figures.js';
import type { MarketTick } from '../../api/stream.js';

const LEVELS = 12;
type Level = readonly [number, number];

const Rows = ({
  levels,
  side,
  most,
  digits,
  sizeDigits,
}: {
  readonly levels: readonly Level[];
  readonly side: 'bid' | 'ask';
  readonly most: number;
  readonly digits: number;
  readonly sizeDigits: number;
}) => (
  <tbody class={`ladder-${side}`}>
    {Array.from({ length: LEVELS }, (_, at) => {
      const index = side === 'ask' ? LEVELS - 1 - at : at;
      const level = levels[index];
      const depth = levels.slice(0, index + 1).reduce((sum, [, size]) => sum + size, 0);
      return (
        <tr key={index}>
          <td class={side === 'bid' ? 'tone-gain' : 'tone-loss'}>{level === undefined ? '' : price(level[0], digits)}</td>
          <td>{level === undefined ? '' : decimal(level[1], sizeDigits)}</td>
          <td>
            <span class="depth" style={{ transform: `scaleX(${level === undefined ? 0 : Math.min(1, depth / most)})` }} />
            {level === undefined ? '' : decimal(depth, sizeDigits)}
          </td>
        </tr>
      );
    })}
  </tbody>
);

/** Depth on both sides, best prices in the middle; the bar behind a row is what stands up to there. Every row keeps its place. */
export const BookLadder = ({ tick }: { readonly tick: MarketTick }) => {
  if (tick.book === null) return <p class="muted book-none">The session does not receive the book of this symbol.</p>;
  const { bids, asks } = tick.book;
  const total = (levels: readonly Level[]): number => levels.slice(0, LEVELS).reduce((sum, [, size]) => sum + size, 0);
  const most = Math.max(total(bids), total(asks)) || 1;
  const digits = priceDigits(bids[0]?.[0] ?? asks[0]?.[0] ?? 1);
  /** Four digits of the largest size, so that the points of a column align and do not jump from tick to tick. */
  const sizeDigits = Math.min(4, Math.max(0, 3 - Math.floor(Math.log10(most))));
  const imbalance = total(bids) + total(asks) === 0 ? null : (total(bids) - total(asks)) / (total(bids) + total(asks));
  return (
    <table class="ladder">
      <caption class="unseen">Order book of {tick.symbol}</caption>
      <thead>
        <tr>
          <th scope="col">Price</th>
          <th scope="col">Size</th>
          <th scope="col">Depth</th>
        </tr>
      </thead>
      <Rows levels={asks} side="ask" most={most} digits={digits} sizeDigits={sizeDigits} />
      <tbody>
        <tr class="ladder-middle">
          <td>{price(tick.last, digits)}</td>
          <td colSpan={2} title="Bids less asks, as a share of both, over the levels shown">
            imbalance {imbalance === null ? '–' : decimal(imbalance, 2)}
          </td>
        </tr>
      </tbody>
      <Rows levels={bids} side="bid" most={most} digits={digits} sizeDigits={sizeDigits} />
    </table>
  );
};
