import type { MarketMessage } from '../../live/venue-transport.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { PracticeEvent, PracticeExchange } from '../practice-exchange.js';
import type { SocketSession, WireSocket } from '../server/front.js';
import type { MarketForm, MarketForms } from '../wire/market-forms.js';
import { decimal } from '../wire/decimals.js';
import { bookView, type BookView } from './book-view.js';
import { intervalOf } from './intervals.js';
import { kindsOf, publicTopic, type PublicTopic } from './public-topic.js';
import { socketMessage } from './socket-message.js';
import { markFields, tickerShape } from './ticker-shape.js';

interface Subscriber {
  readonly socket: WireSocket;
  readonly topics: Map<string, { readonly topic: PublicTopic; readonly view: BookView; updates: number }>;
}

/** The public stream of linear contracts. */
export interface PublicStream {
  join(socket: WireSocket): SocketSession;
  close(): void;
}

const klineRow = (
  { openTime, timeframe, open, close, high, low, volume, closed, ts }: Extract<MarketMessage, { kind: 'bar' }>,
  form: MarketForm,
) => ({
  start: openTime,
  end: openTime + timeframeMs(timeframe) - 1,
  interval: intervalOf(timeframe),
  open: form.price(open),
  close: form.price(close),
  high: form.price(high),
  low: form.price(low),
  volume: form.quantity(volume),
  turnover: decimal(volume * close, 4),
  confirm: closed,
  timestamp: Math.floor(ts),
});

/** Sends what is subscribed to. A book and a ticker begin with a snapshot and go on with what changes; what nobody wants is not made. */
export const publicStream = (exchange: PracticeExchange, forms: MarketForms): PublicStream => {
  const byTopic = new Map<string, Set<Subscriber>>();
  let connections = 0;
  let deafen = (): void => {};
  let heard = '';

  const send = ({ socket }: Subscriber, stream: string, type: 'snapshot' | 'delta', ts: number, data: unknown, more: object = {}): void =>
    socket.send(JSON.stringify({ topic: stream, type, ts: Math.floor(ts), data, ...more }), { stream, account: null });
  const toAll = (stream: string, type: 'snapshot' | 'delta', ts: number, data: () => unknown, more: object = {}): void => {
    const subscribers = byTopic.get(stream);
    if (subscribers === undefined) return;
    const made = data();
    for (const subscriber of subscribers) send(subscriber, stream, type, ts, made, more);
  };
  const tellBook = (form: MarketForm, depth: string): void => {
    const stream = `orderbook.${depth}.${form.id}`;
    const subscribers = byTopic.get(stream);
    if (subscribers === undefined) return;
    const book = exchange.depth(form.symbol, Number(depth));
    for (const subscriber of subscribers) {
      const held = subscriber.topics.get(stream);
      const change = held?.view.delta(book, form) ?? null;
      if (held === undefined || change === null) continue;
      held.updates++;
      const data = { s: form.id, ...change, u: held.updates, seq: book.lastId };
      send(subscriber, stream, 'delta', exchange.now, data, { cts: Math.floor(exchange.now) });
    }
  };
  const onMarket = (event: PracticeEvent): void => {
    if (event.event !== 'market') return;
    const { message } = event;
    const form = forms.bySymbol(message.symbol);
    switch (message.kind) {
      case 'bar': {
        const interval = intervalOf(message.timeframe);
        if (interval !== undefined) toAll(`kline.${interval}.${form.id}`, 'snapshot', message.ts, () => [klineRow(message, form)]);
        return;
      }
      case 'trade': {
        const { id, price, quantity, side, ts } = message;
        const written = form.price(price);
        toAll(`publicTrade.${form.id}`, 'snapshot', ts, () => [
          {
            T: Math.floor(ts),
            s: form.id,
            S: side === 1 ? 'Buy' : 'Sell',
            v: form.quantity(quantity),
            p: written,
            L: 'PlusTick',
            i: id,
            BT: false,
            RPI: false,
            seq: Number(id),
          },
        ]);
        toAll(`tickers.${form.id}`, 'delta', ts, () => ({ symbol: form.id, lastPrice: written }), { cs: Math.floor(ts) });
        return;
      }
      case 'mark':
        toAll(`tickers.${form.id}`, 'delta', message.ts, () => ({ symbol: form.id, ...markFields(exchange, form) }), {
          cs: Math.floor(message.ts),
        });
        return;
      case 'quote':
        tellBook(form, '1');
        return;
      case 'book':
        for (const depth of ['50', '200', '1000']) tellBook(form, depth);
        return;
      default:
        return;
    }
  };
  const rewire = (): void => {
    const kinds = [...new Set([...byTopic.keys()].flatMap(name => kindsOf(publicTopic(name)!)))].sort();
    if (kinds.join() === heard) return;
    heard = kinds.join();
    deafen();
    deafen = kinds.length === 0 ? () => {} : exchange.listen(onMarket, kinds);
  };
  const isOffered = (topic: PublicTopic | null): topic is PublicTopic =>
    topic !== null && forms.all().some(({ id }) => id === topic.market);
  const begin = (subscriber: Subscriber, name: string, topic: PublicTopic): void => {
    const form = forms.byId(topic.market);
    if (topic.family === 'orderbook') {
      const book = exchange.depth(form.symbol, Number(topic.detail));
      // An update id of 1 would say that the service has restarted.
      const held = { topic, view: bookView(), updates: book.lastId };
      subscriber.topics.set(name, held);
      const data = { s: form.id, ...held.view.snapshot(book, form), u: held.updates, seq: book.lastId };
      send(subscriber, name, 'snapshot', exchange.now, data, { cts: Math.floor(exchange.now) });
    } else if (topic.family === 'tickers')
      send(subscriber, name, 'snapshot', exchange.now, tickerShape(exchange, form), { cs: Math.floor(exchange.now) });
  };
  const leave = (subscriber: Subscriber, name: string): void => {
    subscriber.topics.delete(name);
    const subscribers = byTopic.get(name);
    subscribers?.delete(subscriber);
    if (subscribers?.size === 0) byTopic.delete(name);
  };

  const receive = (subscriber: Subscriber, connection: string, text: string): void => {
    const { socket, topics } = subscriber;
    const said = socketMessage(text);
    const answer = (fields: object): void => socket.reply(JSON.stringify({ ...fields, conn_id: connection, ...said?.tag }));
    if (said === null) {
      answer({ success: false, ret_msg: 'error:Params Error', op: '' });
      return;
    }
    const { op, args } = said;
    const names = args.map(String);
    switch (op) {
      case 'ping':
        answer({ success: true, ret_msg: 'pong', op });
        return;
      case 'subscribe': {
        const unknown = names.find(name => !isOffered(publicTopic(name)));
        if (unknown !== undefined) {
          answer({ success: false, ret_msg: `error:handler not found,topic:${unknown}`, op });
          return;
        }
        for (const name of names) {
          topics.set(name, { topic: publicTopic(name)!, view: bookView(), updates: 0 });
          byTopic.set(name, (byTopic.get(name) ?? new Set()).add(subscriber));
        }
        rewire();
        answer({ success: true, ret_msg: '', op });
        for (const name of names) begin(subscriber, name, publicTopic(name)!);
        return;
      }
      case 'unsubscribe':
        for (const name of names) leave(subscriber, name);
        rewire();
        answer({ success: true, ret_msg: '', op });
        return;
      default:
        answer({ success: false, ret_msg: 'error:invalid op', op });
    }
  };

  return {
    join: socket => {
      const subscriber: Subscriber = { socket, topics: new Map() };
      const connection = `public-${++connections}`;
      return {
        account: null,
        receive: text => receive(subscriber, connection, text),
        closed: () => {
          for (const name of subscriber.topics.keys()) leave(subscriber, name);
          rewire();
        },
      };
    },
    close: () => deafen(),
  };
};
