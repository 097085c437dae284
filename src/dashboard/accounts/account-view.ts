import type { NamedSession } from '../../live/session/named-sessions.js';
import type { SessionDetail } from '../../live/session/session-detail.js';
import type { RecordedOrder } from '../../live/record/order-history.js';
import type { EquityPoint } from '../../live/record/equity-file.js';
import type { RiskState } from '../../risk/state.js';
import { settlementAsset } from '../../market/instrument.js';
import type { AccountLine, AccountView, OrderView, PositionView, StrategyView } from '../api/accounts-api.js';
import type { AccountFollower } from './account-follower.js';
import { limitTitle } from './limit-titles.js';

/** JSON has no NaN: on the wire it is null. */
const maybe = (value: number | null | undefined): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** An order as the API shows it; one that closes whatever is held has the size of what it has filled, or of what is held. */
export const orderView = (order: RecordedOrder, heldOf: (symbol: string) => number): OrderView => ({
  ...order,
  quantity: order.quantity ?? (order.endedAt === null ? Math.abs(heldOf(order.symbol)) : order.filled),
});

const isProtective = ({ reduceOnly, type }: RecordedOrder): boolean =>
  reduceOnly && (type === 'stop' || type === 'stop-limit' || type === 'trailing-stop');
const isTarget = ({ reduceOnly, type }: RecordedOrder): boolean =>
  reduceOnly && (type === 'take-profit' || type === 'take-profit-limit' || type === 'limit');

/** Lots of a symbol over all strategies. */
export const heldIn = (follower: AccountFollower, symbol: string): number =>
  follower.record.positions.positions().reduce((sum, each) => sum + (each.symbol === symbol ? each.quantity : 0), 0);

const positionsOf = (follower: AccountFollower, detail: SessionDetail | null, open: readonly RecordedOrder[]): PositionView[] => {
  const { record, capture } = follower;
  const shown =
    detail === null
      ? record.positions
          .positions()
          .filter(({ quantity }) => quantity !== 0)
          .map(each => ({ ...each, lastPrice: null, notional: null, exposure: null, unrealised: null, liquidationPrice: null }))
      : detail.positions;
  return shown.map(({ strategy, symbol, quantity, entryPrice, lastPrice, notional, exposure, unrealised, liquidationPrice }) => {
    const closing = quantity > 0 ? 'sell' : 'buy';
    const own = open.filter(order => order.symbol === symbol && order.side === closing);
    const of = (is: (order: RecordedOrder) => boolean): RecordedOrder | undefined =>
      own.find(order => order.strategy === strategy && is(order)) ?? own.find(order => order.strategy === '' && is(order));
    const plan = [...record.plans.values()].findLast(
      each => each.strategy === strategy && each.symbol === symbol && (each.side === 'buy') === quantity > 0,
    );
    const target = of(isTarget);
    return {
      strategy,
      symbol,
      quantity,
      entryPrice: maybe(entryPrice) ?? 0,
      lastPrice: maybe(lastPrice),
      markPrice: detail === null ? null : maybe(capture.market.of(symbol)?.mark),
      notional: maybe(notional),
      exposure: maybe(exposure),
      unrealised: maybe(unrealised),
      liquidationPrice: maybe(liquidationPrice),
      stop: of(isProtective)?.stop ?? null,
      target: target?.limit ?? target?.stop ?? plan?.takeProfit ?? null,
    };
  });
};

const strategiesOf = (follower: AccountFollower, detail: SessionDetail | null, last: EquityPoint | null): StrategyView[] => {
  const { record, begunWith } = follower;
  const promotionOf = (name: string): string | null => {
    const found = begunWith.promotions.find(({ strategy }) => strategy === name);
    return found === undefined ? null : `${Number((found.share * 100).toFixed(4))} % by ${found.id}`;
  };
  const riskOf = (name: string): RiskState => record.risk.get(name)?.state ?? 'ACTIVE';
  if (detail !== null)
    return detail.strategies.map(({ name, phase, failure, equity, cash, realised, fees, funding }) => {
      const figures = detail.figures.find(each => each.name === name);
      return {
        name,
        phase,
        failure,
        risk: riskOf(name),
        equity: maybe(equity) ?? 0,
        cash,
        realised,
        unrealised: maybe(figures?.unrealised) ?? 0,
        fees,
        funding,
        today: maybe(figures?.today),
        promotion: promotionOf(name),
      };
    });
  return record.positions
    .strategies()
    .filter(name => name !== '')
    .map(name => {
      const cash = record.positions.cash(name);
      const equity = last?.strategies[name]?.equity ?? cash;
      return {
        name,
        phase: 'stopped',
        failure: null,
        risk: riskOf(name),
        equity,
        cash,
        ...record.positions.closed(name),
        unrealised: equity - cash,
        today: null,
        promotion: promotionOf(name),
      };
    });
};

/** The account now: what its session says, with what its journal holds; without a session what the journal said last. */
export const accountView = (
  follower: AccountFollower,
  named: NamedSession,
  detail: SessionDetail | null,
  last: EquityPoint | null,
): AccountView => {
  const { record, index, begunWith, failure } = follower;
  const { session, stopped } = record;
  const open = record.orders.open();
  const risk = record.risk.get('');
  const symbols = detail?.symbols ?? begunWith.symbols;
  const notice =
    failure ??
    (detail !== null
      ? null
      : session === null
        ? 'No session has traded this account yet.'
        : stopped === null
          ? 'No session answers. The last one did not end in order.'
          : `No session runs. The last one ended: ${stopped.text === '' ? stopped.code : stopped.text}.`);
  return {
    account: named.account,
    venue: named.venue,
    mode: named.mode,
    practice: named.practice,
    sandbox: named.sandbox ?? false,
    rehearsal: named.rehearsal ?? null,
    running: detail !== null,
    notice,
    epoch: detail?.epoch ?? session?.epoch ?? 0,
    phase: detail?.phase ?? 'stopped',
    risk: detail?.risk ?? risk?.state ?? 'ACTIVE',
    riskCode: risk?.code ?? null,
    riskText: risk?.text ?? null,
    ready: detail?.ready ?? false,
    because: detail === null ? 'no session answers' : detail.because,
    marketTime: maybe(detail?.marketTime) ?? record.now,
    position: index.length,
    equity: detail === null ? (last?.equity ?? null) : maybe(detail.equity),
    today: detail === null ? null : maybe(detail.today),
    exposure: detail === null ? (last?.exposure ?? null) : maybe(detail.exposure),
    gross: detail === null ? (last?.gross ?? null) : maybe(detail.gross),
    drawdown: detail === null ? null : maybe(detail.drawdown),
    asset: settlementAsset(symbols[0] ?? '') || 'USDT',
    symbols: [...symbols],
    timeframe: detail?.timeframe ?? begunWith.timeframe,
    alarms: [...record.alarms.values()],
    strategies: strategiesOf(follower, detail, last),
    positions: positionsOf(follower, detail, open),
    openOrders: open.map(order => orderView(order, symbol => heldIn(follower, symbol))),
    limits: (detail?.limits ?? []).map(({ name, scope, unit, limit, used, use, of }) => ({
      path: name,
      scope,
      title: limitTitle(name),
      unit,
      limit,
      used: maybe(used),
      use: maybe(use),
      of,
    })),
  };
};

/** The account in one line. */
export const accountLine = (view: AccountView): AccountLine => {
  const { account, venue, mode, practice, sandbox, rehearsal, running, phase, risk, equity, today, marketTime, alarms } = view;
  return { account, venue, mode, practice, sandbox, rehearsal, running, phase, risk, equity, today, marketTime, alarms: alarms.length };
};
