import { describe, expect, it } from 'vitest';
import { sessionDoor } from '../../../src/commands/session-door.js';
import type { Fact } from '../../../src/events/fact.js';
import type { Ticket } from '../../../src/events/order.js';
import type { RunnerOutput, StrategyRunner } from '../../../src/live/runner/strategy-runner.js';
import { sessionDetail } from '../../../src/live/session/session-detail.js';
import { A, B, T0 } from '../../engine/scenario.js';
import { settle } from '../feed/virtual-clock.js';
import { nothing, session } from './stage-session.js';

const LIMITS = { maxOrderNotional: null, maxLeverage: 5, maxExposure: 4, priceCollar: null, maxOpenOrders: 4, maxDrawdown: 0.5 };

/** A strategy that says what it is given to say, right at its start. */
const saying = (facts: readonly Fact[]): StrategyRunner => {
  let isSaid = false;
  return {
    name: 'one',
    tag: 'one',
    budget: 1_000,
    start: (_, done) => {
      const output: RunnerOutput = isSaid ? nothing() : { ...nothing(), facts };
      isSaid = true;
      done(output);
    },
    deliver: (_, done) => done(nothing()),
    stop: () => Promise.resolve(),
  };
};

const ticket = (orderId: string, symbol: string, side: 'buy' | 'sell', lots: number, more: Partial<Ticket> = {}): Ticket => ({
  orderId,
  symbol,
  side,
  type: 'market',
  lots,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...more,
});

type Said = Fact extends infer F
  ? F extends Fact
    ? Omit<F, 'seq' | 'version' | 'ts' | 'knownAt' | 'account' | 'strategy' | 'correlationId' | 'causationId'>
    : never
  : never;

/** Facts of the strategy's stream, behind its opening. */
const stream = (said: readonly Said[]): Fact[] =>
  said.map(
    (each, i) =>
      ({
        ...each,
        seq: i + 1,
        version: 1,
        ts: T0,
        knownAt: T0,
        account: 'test',
        strategy: 'one',
        correlationId: i + 1,
        causationId: -1,
      }) as Fact,
  );

// One lot is one unit and one tick one unit of money; the staged feed's last price is 100.
const TRADED = stream([
  { type: 'OrderApproved', ticket: ticket('one.1.1', A, 'buy', 20) },
  { type: 'OrderSubmitted', orderId: 'one.1.1', symbol: A },
  {
    type: 'OrderFilled',
    orderId: 'one.1.1',
    symbol: A,
    side: 'buy',
    price: 90,
    lots: 20,
    fee: 3e8,
    liquidity: 'taker',
    slippage: 0,
    realised: 0,
  },
  { type: 'OrderApproved', ticket: ticket('one.1.2', B, 'sell', 5, { type: 'limit', limit: 120 }) },
  { type: 'OrderSubmitted', orderId: 'one.1.2', symbol: B },
]);

const scope = { account: 'test', venue: 'test', mode: 'live', practice: true, now: T0 } as const;

const begun = async (options: Parameters<typeof session>[0] = {}) => {
  const staged = session({ limits: LIMITS, runner: saying(TRADED), ...options });
  await staged.live.start();
  await settle();
  return staged;
};

describe('what a session says of itself in detail', () => {
  it('marks positions to the last price and counts no moved money as profit', async () => {
    const { live } = await begun();
    const detail = sessionDetail(live, scope);
    // 20 at 90, worth 100 each: 200 open, 3 paid.
    expect(detail.figures.find(({ name }) => name === 'one')).toMatchObject({ equity: 1_197, cash: 997, unrealised: 200, profit: 197 });
    expect(detail.positions).toMatchObject([
      { strategy: 'one', symbol: A, quantity: 20, entryPrice: 90, lastPrice: 100, notional: 2_000, unrealised: 200 },
    ]);
    // The strategy's budget came out of the account, which holds nothing else here.
    expect(detail.equity).toBeCloseTo(197, 9);
    expect(detail.strategies).toMatchObject([{ name: 'one', equity: 1_197, openOrders: 1, positions: { [A]: 20 } }]);
    await live.stop('test', '');
  });

  it('shows what of each limit is used, of the account and of its strategies', async () => {
    const { live } = await begun();
    const { limits } = sessionDetail(live, scope);
    const of = (where: string, name: string) => limits.find(each => each.scope === where && each.name === name);
    // 20 × 100 held and 5 sold at 120 at work, against 1,197.
    expect(of('one', 'maxLeverage')).toMatchObject({ limit: 5, used: (2_000 + 600) / 1_197 });
    expect(of('one', 'maxExposure')).toMatchObject({ limit: 4, used: 2_000 / 1_197, use: 2_000 / 1_197 / 4, of: A });
    expect(of('one', 'maxOpenOrders')).toMatchObject({ limit: 4, used: 1, use: 0.25 });
    expect(of('', 'maxOpenOrders')).toMatchObject({ limit: 4, used: 1 });
    expect(of('one', 'maxDrawdown')).toMatchObject({ used: 0 });
    await live.stop('test', '');
  });

  it('shows a limit that was changed at once', async () => {
    const { live } = await begun();
    await live.setLimits({ maxOpenOrders: 2 }, 'ann', '');
    const found = sessionDetail(live, scope).limits.find(({ name }) => name === 'maxOpenOrders');
    expect(found).toMatchObject({ limit: 2, use: 0.5 });
    await live.stop('test', '');
  });

  it('costs less than a millisecond, and passes the door as JSON', async () => {
    const { live } = await begun();
    const door = sessionDoor(
      () => live,
      () => scope,
    );
    const answer: unknown = JSON.parse(JSON.stringify(await door({ ask: 'detail' })));
    expect(answer).toMatchObject({ account: 'test', phase: 'trading', symbols: [A, B], positions: [{ liquidationPrice: null }] });
    const took: number[] = [];
    for (let i = 0; i < 300; i++) {
      const from = performance.now();
      sessionDetail(live, scope);
      took.push(performance.now() - from);
    }
    expect(took.sort((a, b) => a - b)[150]).toBeLessThan(1);
    await live.stop('test', '');
  });
});
