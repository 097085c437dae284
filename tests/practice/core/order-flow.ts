import type { OrderType } from '../../../src/events/order.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import type { PracticeOptions } from '../../../src/practice/core/exchange-options.js';
import { PracticeRefusal, type PracticeExchange } from '../../../src/practice/practice-exchange.js';
import { random } from '../../../src/random.js';
import { BTC, ETH, MINUTE, T0, barChunk, fundingChunk, instrument, request, walk } from './practice-ground.js';

const TYPES: readonly OrderType[] = ['market', 'limit', 'limit', 'stop', 'take-profit', 'stop-limit', 'take-profit-limit', 'trailing-stop'];

/** Two symbols, wild enough for a careless account to be liquidated. */
export const wildExchange = (seed: number, given: Partial<PracticeOptions> = {}): PracticeExchange => {
  const funding = (symbol: string) =>
    fundingChunk(
      symbol,
      [10, 25, 40, 70].map(i => [T0 + i * MINUTE, 0.0007] as const),
    );
  return practiceExchange({
    instruments: [
      { instrument: instrument(ETH, { tickSize: 0.01 }), minQuantity: 0.001, maxQuantity: 10_000 },
      { instrument: instrument(BTC), minQuantity: 0.001, maxQuantity: 1000 },
    ],
    chunks: [
      barChunk(BTC, walk(seed, 90, 50_000, 0.1, 0.004)),
      barChunk(ETH, walk(seed + 1, 90, 2_500, 0.01, 0.006)),
      funding(BTC),
      funding(ETH),
    ],
    seed,
    priceBand: 0.2,
    ...given,
  });
};

export interface FlowReport {
  readonly refusals: Readonly<Record<string, number>>;
}

/** Someone without a plan, and a venue without mercy: anything may happen at any time. `after` looks at the exchange after each thing that did. */
export const play = (exchange: PracticeExchange, seed: number, steps: number, after: (what: string) => void = () => {}): FlowReport => {
  const draws = random(`${seed}/flow`);
  const refusals: Record<string, number> = {};
  const accounts = ['a', 'b'];
  for (const account of accounts) exchange.openAccount(account, 20_000);
  let clientId = 0;
  const act = (account: string): string => {
    const symbol = draws.next() < 0.5 ? BTC : ETH;
    const [tick, lot] = symbol === BTC ? [0.1, 0.001] : [0.01, 0.001];
    const side = draws.next() < 0.5 ? 'buy' : 'sell';
    const near = (): number => Number((Math.round((exchange.lastPrice(symbol) * (1 + 0.004 * draws.normal())) / tick) * tick).toFixed(2));
    const size = Number((lot * (1 + draws.int(symbol === BTC ? 3000 : 60_000))).toFixed(3));
    const open = [true, false].flatMap(conditional => exchange.openOrders(account, symbol, conditional));
    const some = open[draws.int(Math.max(1, open.length))];
    const ref = { symbol, clientId: some?.clientId ?? 'nobody', venueId: null, conditional: some?.conditional ?? false };
    const dice = draws.next();
    if (dice < 0.5) {
      const type = TYPES[draws.int(TYPES.length)]!;
      const closes = (type === 'stop' || type === 'take-profit') && draws.next() < 0.3;
      exchange.place(
        account,
        request({
          clientId: draws.next() < 0.05 ? `c${clientId}` : `c${++clientId}`,
          symbol,
          side,
          type,
          quantity: size,
          price: type === 'limit' || type.endsWith('-limit') ? near() : null,
          stopPrice: type === 'market' || type === 'limit' || type === 'trailing-stop' ? null : near(),
          trail: type === 'trailing-stop' ? { fraction: 0.002, activation: draws.next() < 0.5 ? near() : null } : null,
          tif: type === 'limit' ? (['gtc', 'ioc', 'fok', 'gtc'] as const)[draws.int(4)]! : 'gtc',
          postOnly: false,
          reduceOnly: draws.next() < 0.2,
          closePosition: closes,
        }),
      );
      return `place ${type}`;
    }
    if (dice < 0.6) return (exchange.cancel(account, ref), 'cancel');
    if (dice < 0.68) return (exchange.amend(account, ref, { side: some?.side ?? 'buy', quantity: size, price: near() }), 'amend');
    if (dice < 0.71) return (exchange.cancelAll(account, symbol, draws.next() < 0.5), 'cancelAll');
    if (dice < 0.74) return (exchange.cancelAllAt(account, symbol, exchange.now + draws.int(3) * MINUTE), 'cancelAllAt');
    if (dice < 0.79) return (exchange.manualTrade(account, symbol, side, size), 'manualTrade');
    if (dice < 0.81) return (exchange.liquidate(account, symbol), 'liquidate');
    if (dice < 0.84) return (exchange.deleverage(account, symbol, size), 'deleverage');
    if (dice < 0.88)
      return (
        exchange.transfer(account, Number((draws.normal() * 3000).toFixed(8)), draws.next() < 0.5 ? 'deposit' : 'transfer'),
        'transfer'
      );
    if (dice < 0.9) return (exchange.expire(account, ref), 'expire');
    if (dice < 0.92) return (exchange.setLeverage(account, symbol, 1 + draws.int(50)), 'setLeverage');
    if (dice < 0.94) return (exchange.setTrading(symbol, draws.next() < 0.7), 'setTrading');
    if (dice < 0.97) {
      const change =
        draws.next() < 0.5
          ? { delayMs: draws.int(20) * MINUTE }
          : { correctedRate: 0.001 * draws.normal(), delayMs: draws.int(5) * MINUTE };
      return (exchange.disturbFunding(symbol, exchange.now, change), 'disturbFunding');
    }
    const fine = draws.next() < 0.5;
    if (symbol === BTC) exchange.setSteps(BTC, fine ? 0.1 : 0.5, fine ? 0.001 : 0.002);
    return 'setSteps';
  };
  for (let i = 0; i < steps; i++) {
    if (draws.next() < 0.4) exchange.advance(exchange.now + draws.int(2 * MINUTE));
    let what = 'advance';
    try {
      what = act(accounts[draws.int(2)]!);
    } catch (error) {
      if (!(error instanceof PracticeRefusal)) throw error;
      refusals[error.code] = (refusals[error.code] ?? 0) + 1;
      what = `refused ${error.code}`;
    }
    after(what);
  }
  exchange.advance(exchange.end);
  after('end');
  return { refusals };
};
