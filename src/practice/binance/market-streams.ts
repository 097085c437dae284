import type { MarketMessage } from '../../live/venue-transport.js';
import { timeframeMs } from '../../market/timeframe.js';
import { decimal } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';
import { wholeNumber, wireJson } from './wire-json.js';

/** A stream that a message belongs to and its text there. `text` is made only when somebody listens. */
export type StreamText = readonly [stream: string, text: () => string];

/** The next settlement, which the mark price's stream tells along. */
export interface FundingView {
  readonly at: number;
  readonly rate: number;
}

const DEPTH_STREAMS = ['depth', 'depth@100ms', 'depth@250ms', 'depth@500ms', 'depth@0ms'] as const;

/** The kind of market data that a stream is made of; null for one that the practice exchange does not have. */
export const kindOfStream = (stream: string): MarketMessage['kind'] | null => {
  const name = stream.slice(stream.indexOf('@') + 1);
  if (name.startsWith('kline_')) return 'bar';
  if (name === 'trade' || name === 'aggTrade') return 'trade';
  if (name === 'bookTicker') return 'quote';
  if (name.startsWith('depth')) return 'book';
  return name.startsWith('markPrice') ? 'mark' : null;
};

/** A market message on the streams of the venue that carry it. */
export const streamTexts = (message: MarketMessage, form: MarketForm, funding: () => FundingView): readonly StreamText[] => {
  const id = form.id.toLowerCase();
  switch (message.kind) {
    case 'bar': {
      const { timeframe, openTime, open, high, low, close, volume, closed, ts } = message;
      const text = (): string =>
        wireJson({
          e: 'kline',
          E: ts,
          s: form.id,
          k: {
            t: openTime,
            T: openTime + timeframeMs(timeframe) - 1,
            s: form.id,
            i: timeframe,
            f: -1,
            L: -1,
            o: form.price(open),
            c: form.price(close),
            h: form.price(high),
            l: form.price(low),
            v: form.quantity(volume),
            n: 0,
            x: closed,
            q: decimal(volume * close, 5),
            V: form.quantity(volume / 2),
            Q: decimal((volume * close) / 2, 5),
            B: '0',
          },
        });
      return [[`${id}@kline_${timeframe}`, text]];
    }
    case 'trade': {
      const { id: trade, price, quantity, side, ts } = message;
      const number = wholeNumber(trade);
      const shared = { E: ts, s: form.id };
      return [
        [
          `${id}@trade`,
          () =>
            wireJson({
              e: 'trade',
              ...shared,
              T: ts,
              t: number,
              p: form.price(price),
              q: form.quantity(quantity),
              X: 'MARKET',
              m: side === -1,
            }),
        ],
        [
          `${id}@aggTrade`,
          () =>
            wireJson({
              e: 'aggTrade',
              ...shared,
              a: number,
              p: form.price(price),
              q: form.quantity(quantity),
              f: number,
              l: number,
              T: ts,
              m: side === -1,
            }),
        ],
      ];
    }
    case 'quote': {
      const { bid, bidSize, ask, askSize, ts } = message;
      const text = (): string =>
        wireJson({
          e: 'bookTicker',
          u: ts,
          s: form.id,
          b: form.price(bid),
          B: form.quantity(bidSize),
          a: form.price(ask),
          A: form.quantity(askSize),
          T: ts,
          E: ts,
        });
      return [[`${id}@bookTicker`, text]];
    }
    case 'book': {
      // Streams carry changes; snapshots are asked for by REST.
      if (message.snapshot) return [];
      const { bids, asks, firstId, lastId, previousId, ts } = message;
      const side = (levels: readonly (readonly [number, number])[]) =>
        levels.map(([price, size]) => [form.price(price), form.quantity(size)]);
      const text = (): string =>
        wireJson({
          e: 'depthUpdate',
          E: ts,
          T: ts,
          s: form.id,
          U: wholeNumber(String(firstId)),
          u: wholeNumber(String(lastId)),
          pu: wholeNumber(String(previousId)),
          b: side(bids),
          a: side(asks),
        });
      return DEPTH_STREAMS.map(name => [`${id}@${name}`, text] as const);
    }
    case 'mark': {
      const { price, index, ts } = message;
      const text = (): string => {
        const { at, rate } = funding();
        return wireJson({
          e: 'markPriceUpdate',
          E: ts,
          s: form.id,
          p: decimal(price, 8),
          i: decimal(Number.isFinite(index) ? index : price, 8),
          P: decimal(price, 8),
          r: decimal(rate, 8),
          T: Number.isFinite(at) ? at : 0,
        });
      };
      return [
        [`${id}@markPrice`, text],
        [`${id}@markPrice@1s`, text],
      ];
    }
    case 'funding':
    case 'funding-estimate':
    case 'open-interest':
      return [];
  }
};
