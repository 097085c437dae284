import type { VenuePosition } from '../../live/venue-transport.js';
import type { PracticeExchange } from '../practice-exchange.js';
import type { MarketForm } from '../wire/market-forms.js';

/** The positions of an account in a market, flat ones as well: one, or both sides in hedge mode. */
export const positionsIn = (exchange: PracticeExchange, account: string, { symbol }: MarketForm): readonly VenuePosition[] => {
  const held = exchange.positions(account).filter(position => position.symbol === symbol);
  const sides = exchange.hedge(account) ? (['long', 'short'] as const) : ([null] as const);
  return sides.map(
    positionSide =>
      held.find(position => position.positionSide === positionSide) ?? {
        symbol,
        quantity: 0,
        entryPrice: 0,
        markPrice: exchange.markPrice(symbol),
        ...exchange.leverage(account, symbol),
        liquidationPrice: NaN,
        positionSide,
      },
  );
};
