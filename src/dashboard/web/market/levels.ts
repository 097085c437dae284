import type { OrderView, PositionView } from '../../api/accounts-api.js';
import type { PriceLevel } from '../charts/candles.js';

/** Lines that a chart of a symbol draws: entries, stops, targets and liquidation of what is held, and resting orders. */
export const levelsOf = (symbol: string, positions: readonly PositionView[], orders: readonly OrderView[]): PriceLevel[] => {
  const levels: PriceLevel[] = [];
  for (const held of positions) {
    if (held.symbol !== symbol) continue;
    levels.push({ price: held.entryPrice, title: 'entry', tone: 'muted' });
    if (held.stop !== null) levels.push({ price: held.stop, title: 'stop', tone: 'loss' });
    if (held.target !== null) levels.push({ price: held.target, title: 'target', tone: 'gain' });
    // A liquidation price far away would press all candles into a line.
    if (held.liquidationPrice !== null && held.lastPrice !== null && Math.abs(held.liquidationPrice / held.lastPrice - 1) < 0.15)
      levels.push({ price: held.liquidationPrice, title: 'liquidation', tone: 'alarm' });
  }
  const drawn = new Set(levels.map(({ price }) => price));
  for (const order of orders) {
    const at = order.limit ?? order.stop;
    if (order.symbol === symbol && at !== null && !drawn.has(at))
      levels.push({ price: at, title: `${order.side} ${order.type}`, tone: 'accent' });
  }
  return levels;
};
