import type { VenuePosition } from '../../live/venue-transport.js';
import type { MarketForm } from '../wire/market-forms.js';
import { decimal, money } from '../wire/decimals.js';
import { positionIndex } from './order-words.js';

/** A position of `GET /v5/position/list`; sizes have no sign there. The margin mode is the account's, so that `tradeMode` is always 0. */
export const positionShape = (position: VenuePosition, form: MarketForm, now: number): Record<string, unknown> => {
  const size = Math.abs(position.quantity);
  const value = size * position.markPrice;
  const initial = value / position.leverage;
  return {
    positionIdx: positionIndex(position.positionSide),
    riskId: 1,
    riskLimitValue: '100000000',
    symbol: form.id,
    side: size === 0 ? '' : position.quantity > 0 ? 'Buy' : 'Sell',
    size: form.quantity(size),
    avgPrice: decimal(position.entryPrice, 8),
    positionValue: decimal(size * position.entryPrice, 8),
    tradeMode: 0,
    positionStatus: 'Normal',
    autoAddMargin: 0,
    adlRankIndicator: size === 0 ? 0 : 2,
    leverage: decimal(position.leverage, 2).replace(/\.?0+$/, ''),
    positionBalance: money(initial),
    markPrice: decimal(position.markPrice, 8),
    liqPrice: Number.isFinite(position.liquidationPrice) ? decimal(position.liquidationPrice, 8) : '',
    bustPrice: '',
    positionMM: money(value * form.market.instrument.maintenanceMarginRate),
    positionIM: money(initial),
    tpslMode: 'Full',
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    unrealisedPnl: money(size === 0 ? 0 : (position.markPrice - position.entryPrice) * position.quantity),
    curRealisedPnl: '0',
    cumRealisedPnl: '0',
    seq: now,
    isReduceOnly: false,
    mmrSysUpdatedTime: '',
    leverageSysUpdatedTime: '',
    createdTime: String(now),
    updatedTime: String(now),
  };
};

/** A position of the private stream, where the entry price has another name. */
export const positionMessage = (position: VenuePosition, form: MarketForm, now: number): Record<string, unknown> => {
  const { avgPrice, ...shape } = positionShape(position, form, now);
  const margins = { positionIMByMp: shape['positionIM'], positionMMByMp: shape['positionMM'] };
  return { category: 'linear', ...shape, ...margins, entryPrice: avgPrice, sessionAvgPrice: '' };
};
