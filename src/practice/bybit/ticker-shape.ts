import { DAY, HOUR } from '../../time.js';
import type { PracticeExchange } from '../practice-exchange.js';
import type { MarketForm } from '../wire/market-forms.js';
import { decimal } from '../wire/decimals.js';

/** What changes in a ticker with the mark price. Nobody else has a position here, so that the open interest is not said. */
export const markFields = (exchange: PracticeExchange, { symbol }: MarketForm): Record<string, string> => {
  const mark = decimal(exchange.markPrice(symbol), 8);
  const { at, rate, interval } = exchange.nextFunding(symbol);
  return {
    markPrice: mark,
    indexPrice: mark,
    nextFundingTime: Number.isFinite(at) ? String(at) : '',
    fundingRate: Number.isFinite(rate) ? decimal(rate, 8) : '',
    fundingIntervalHour: Number.isFinite(interval) ? decimal(interval / HOUR, 0) : '8',
  };
};

/** A whole ticker, as `GET /v5/market/tickers` and a snapshot of its topic have it. */
export const tickerShape = (exchange: PracticeExchange, form: MarketForm): Record<string, string> => {
  const { id, symbol, price, quantity } = form;
  const last = exchange.lastPrice(symbol);
  const bars = exchange.bars(symbol, '1h', exchange.now - DAY, exchange.now, 25, true);
  const day = bars[0]?.[1] ?? last;
  const { bids, asks } = exchange.depth(symbol, 1);
  return {
    symbol: id,
    tickDirection: 'PlusTick',
    price24hPcnt: decimal(last / day - 1, 6),
    lastPrice: price(last),
    prevPrice24h: price(day),
    highPrice24h: price(Math.max(last, ...bars.map(bar => bar[2]))),
    lowPrice24h: price(Math.min(last, ...bars.map(bar => bar[3]))),
    prevPrice1h: price(bars.at(-1)?.[1] ?? last),
    openInterest: '',
    openInterestValue: '',
    turnover24h: decimal(
      bars.reduce((sum, bar) => sum + bar[5] * bar[4], 0),
      4,
    ),
    volume24h: quantity(bars.reduce((sum, bar) => sum + bar[5], 0)),
    bid1Price: price(bids[0]?.[0] ?? 0),
    bid1Size: quantity(bids[0]?.[1] ?? 0),
    ask1Price: price(asks[0]?.[0] ?? 0),
    ask1Size: quantity(asks[0]?.[1] ?? 0),
    ...markFields(exchange, form),
  };
};
