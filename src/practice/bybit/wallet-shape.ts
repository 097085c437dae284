import type { VenueBalance, VenuePosition } from '../../live/venue-transport.js';
import { money } from '../wire/decimals.js';

/** A unified account as `GET /v5/account/wallet-balance` and the stream have it. What of one coin may be withdrawn is no longer said by the venue. */
export const walletShape = (balances: readonly VenueBalance[], positions: readonly VenuePosition[]): Record<string, unknown> => {
  const sum = (of: (position: VenuePosition) => number): number => positions.reduce((total, position) => total + of(position), 0);
  const profit = sum(({ quantity, markPrice, entryPrice }) => (markPrice - entryPrice) * quantity);
  const initial = sum(({ quantity, markPrice, leverage }) => Math.abs(quantity * markPrice) / leverage);
  const wallet = balances.reduce((total, balance) => total + balance.wallet, 0);
  const free = balances.reduce((total, { available, wallet: whole }) => total + (Number.isFinite(available) ? available : whole), 0);
  const orders = Math.max(0, wallet + profit - initial - free);
  return {
    accountType: 'UNIFIED',
    accountIMRate: '',
    accountMMRate: '',
    accountLTV: '',
    totalEquity: money(wallet + profit),
    totalWalletBalance: money(wallet),
    totalMarginBalance: money(wallet + profit),
    totalAvailableBalance: money(free),
    totalPerpUPL: money(profit),
    totalInitialMargin: money(initial + orders),
    totalMaintenanceMargin: '',
    coin: balances.map((balance, index) => {
      const mine = index === 0 ? 1 : 0;
      return {
        coin: balance.asset,
        equity: money(balance.wallet + profit * mine),
        usdValue: money(balance.wallet + profit * mine),
        walletBalance: money(balance.wallet),
        availableToWithdraw: '',
        availableToBorrow: '',
        borrowAmount: '0',
        accruedInterest: '0',
        totalOrderIM: money(orders * mine),
        totalPositionIM: money(initial * mine),
        totalPositionMM: '',
        unrealisedPnl: money(profit * mine),
        cumRealisedPnl: '0',
        bonus: '0',
        locked: '0',
        spotBorrow: '0',
        spotHedgingQty: '0',
        marginCollateral: true,
        collateralSwitch: true,
      };
    }),
  };
};
