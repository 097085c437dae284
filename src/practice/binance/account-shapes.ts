import type { VenueBalance, VenueOrder, VenuePosition } from '../../live/venue-transport.js';
import { decimal, money } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';
import { positionSideWord } from './order-words.js';

/** A position with what its margin comes to. */
export interface PositionView {
  readonly position: VenuePosition;
  readonly form: MarketForm;
  /** At the mark, signed. */
  readonly notional: number;
  readonly profit: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
}

export const positionView = (position: VenuePosition, form: MarketForm): PositionView => {
  const notional = position.quantity * position.markPrice;
  return {
    position,
    form,
    notional,
    profit: position.quantity === 0 ? 0 : (position.markPrice - position.entryPrice) * position.quantity,
    initialMargin: Math.abs(notional) / position.leverage,
    maintenanceMargin: Math.abs(notional) * form.market.instrument.maintenanceMarginRate,
  };
};

const isolatedOf = ({ position, initialMargin }: PositionView): number => (position.marginMode === 'isolated' ? initialMargin : 0);

/** A position of `GET /fapi/v3/positionRisk`. */
export const riskShape = (view: PositionView, at: number): Record<string, unknown> => {
  const { position, form, notional, profit, initialMargin, maintenanceMargin } = view;
  return {
    symbol: form.id,
    positionSide: positionSideWord(position.positionSide),
    positionAmt: form.quantity(position.quantity),
    entryPrice: decimal(position.entryPrice, 8),
    breakEvenPrice: decimal(position.entryPrice, 8),
    markPrice: decimal(position.markPrice, 8),
    unRealizedProfit: money(profit),
    liquidationPrice: Number.isFinite(position.liquidationPrice) ? decimal(position.liquidationPrice, 8) : '0',
    isolatedMargin: money(isolatedOf(view) === 0 ? 0 : isolatedOf(view) + profit),
    notional: money(notional),
    marginAsset: form.symbol.split(':')[1] ?? '',
    isolatedWallet: money(isolatedOf(view)),
    initialMargin: money(initialMargin),
    maintMargin: money(maintenanceMargin),
    positionInitialMargin: money(initialMargin),
    openOrderInitialMargin: '0',
    adl: 1,
    bidNotional: '0',
    askNotional: '0',
    updateTime: position.quantity === 0 ? 0 : at,
  };
};

/** A position of `GET /fapi/v2/positionRisk`, which has leverage and margin mode. */
export const oldRiskShape = (view: PositionView, at: number): Record<string, unknown> => {
  const { position, form, notional, profit } = view;
  return {
    symbol: form.id,
    positionAmt: form.quantity(position.quantity),
    entryPrice: decimal(position.entryPrice, 5),
    breakEvenPrice: decimal(position.entryPrice, 5),
    markPrice: decimal(position.markPrice, 8),
    unRealizedProfit: money(profit),
    liquidationPrice: Number.isFinite(position.liquidationPrice) ? decimal(position.liquidationPrice, 8) : '0',
    leverage: decimal(position.leverage, 0),
    maxNotionalValue: '100000000',
    marginType: position.marginMode,
    isolatedMargin: money(isolatedOf(view)),
    isAutoAddMargin: 'false',
    positionSide: positionSideWord(position.positionSide),
    notional: money(notional),
    isolatedWallet: money(isolatedOf(view)),
    updateTime: position.quantity === 0 ? 0 : at,
  };
};

/** A position inside `GET /fapi/v2/account`. */
const oldPositionShape = (view: PositionView, at: number): Record<string, unknown> => {
  const { position, form, profit, initialMargin, maintenanceMargin } = view;
  return {
    symbol: form.id,
    initialMargin: money(initialMargin),
    maintMargin: money(maintenanceMargin),
    unrealizedProfit: money(profit),
    positionInitialMargin: money(initialMargin),
    openOrderInitialMargin: '0',
    leverage: decimal(position.leverage, 0),
    isolated: position.marginMode === 'isolated',
    entryPrice: decimal(position.entryPrice, 5),
    maxNotional: '100000000',
    bidNotional: '0',
    askNotional: '0',
    positionSide: positionSideWord(position.positionSide),
    positionAmt: form.quantity(position.quantity),
    updateTime: position.quantity === 0 ? 0 : at,
  };
};

/** A position inside `GET /fapi/v3/account`. */
const positionShape = ({ position, form, notional, profit, initialMargin, maintenanceMargin }: PositionView, at: number) => ({
  symbol: form.id,
  positionSide: positionSideWord(position.positionSide),
  positionAmt: form.quantity(position.quantity),
  unrealizedProfit: money(profit),
  isolatedMargin: money(position.marginMode === 'isolated' ? initialMargin : 0),
  notional: money(notional),
  isolatedWallet: money(position.marginMode === 'isolated' ? initialMargin : 0),
  initialMargin: money(initialMargin),
  maintMargin: money(maintenanceMargin),
  updateTime: at,
});

/** What an account's answers are made of. */
export interface AccountView {
  readonly balances: readonly VenueBalance[];
  readonly positions: readonly PositionView[];
  readonly openOrders: readonly VenueOrder[];
  readonly now: number;
}

const available = ({ available: free, wallet }: VenueBalance): number => Math.max(0, Number.isFinite(free) ? free : wallet);

/** `GET /fapi/v3/account`, or v2 with `old`. Its figures are in the account's one settlement asset. */
export const accountShape = ({ balances, positions, now }: AccountView, old: boolean): Record<string, unknown> => {
  const sum = (of: (view: PositionView) => number): number => positions.reduce((total, view) => total + of(view), 0);
  const profit = sum(view => view.profit);
  const initial = sum(view => view.initialMargin);
  const maintenance = sum(view => view.maintenanceMargin);
  const wallet = balances.reduce((total, balance) => total + balance.wallet, 0);
  const free = balances.reduce((total, balance) => total + available(balance), 0);
  const orders = Math.max(0, wallet + profit - initial - free);
  const totals = {
    totalInitialMargin: money(initial + orders),
    totalMaintMargin: money(maintenance),
    totalWalletBalance: money(wallet),
    totalUnrealizedProfit: money(profit),
    totalMarginBalance: money(wallet + profit),
    totalPositionInitialMargin: money(initial),
    totalOpenOrderInitialMargin: money(orders),
    totalCrossWalletBalance: money(wallet),
    totalCrossUnPnl: money(profit),
    availableBalance: money(free),
    maxWithdrawAmount: money(free),
  };
  const assets = balances.map((balance, index) => {
    const mine = index === 0;
    return {
      asset: balance.asset,
      walletBalance: money(balance.wallet),
      unrealizedProfit: money(mine ? profit : 0),
      marginBalance: money(balance.wallet + (mine ? profit : 0)),
      maintMargin: money(mine ? maintenance : 0),
      initialMargin: money(mine ? initial + orders : 0),
      positionInitialMargin: money(mine ? initial : 0),
      openOrderInitialMargin: money(mine ? orders : 0),
      crossWalletBalance: money(balance.wallet),
      crossUnPnl: money(mine ? profit : 0),
      availableBalance: money(available(balance)),
      maxWithdrawAmount: money(available(balance)),
      ...(old && { marginAvailable: true }),
      updateTime: now,
    };
  });
  if (!old) return { ...totals, assets, positions: positions.map(view => positionShape(view, now)) };
  return {
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: true,
    updateTime: 0,
    multiAssetsMargin: false,
    tradeGroupId: -1,
    ...totals,
    assets,
    positions: positions.map(view => oldPositionShape(view, now)),
  };
};

/** `GET /fapi/v3/balance` */
export const balanceShapes = (view: AccountView): readonly unknown[] => {
  const profit = view.positions.reduce((total, each) => total + each.profit, 0);
  return view.balances.map((balance, index) => ({
    accountAlias: 'practice',
    asset: balance.asset,
    balance: money(balance.wallet),
    crossWalletBalance: money(balance.wallet),
    crossUnPnl: money(index === 0 ? profit : 0),
    availableBalance: money(available(balance)),
    maxWithdrawAmount: money(available(balance)),
    marginAvailable: true,
    updateTime: view.now,
  }));
};
