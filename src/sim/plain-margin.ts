import { maintenanceOf, type MarginTier } from '../market/margin-tiers.js';
import { toAmount, toMoney, type Lots, type Units } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import { liquidationPrice } from '../portfolio/margin/liquidation-price.js';
import type { PlainBoard } from './plain-board.js';
import { unusual } from './plain-unusual.js';

/** Least room, as a share of the notional, of a position whose margin is not worth watching closely. */
const LEAST_ROOM = 1e-3;

/** Prices between which the margin of a plain run is never short, so that a bar is judged by its high and low alone. */
export class PlainMargin {
  /** The least cash that the prices on the board were made for. */
  private _least = -Infinity;

  constructor(
    private readonly _venue: Account,
    private readonly _units: Units,
    private readonly _tiers: readonly MarginTier[],
    private readonly _board: PlainBoard,
  ) {}

  /** Whether a bar stays clear of both prices. */
  isClear(low: number, high: number): boolean {
    return low > this._board.below && high < this._board.above;
  }

  /** Funding was settled at this price. */
  paid(at: number): void {
    if (!(this._venue.cash >= this._least)) this.watch(at);
  }

  /**
   * Between which prices the margin cannot be short, whatever funding costs meanwhile: half of what the account has to spare is left for the price, a quarter for funding.
   */
  watch(at: number): void {
    const { _venue: venue, _units: u, _tiers: tiers, _board: board } = this;
    const lots = venue.lots[0] as Lots;
    board.below = -Infinity;
    board.above = Infinity;
    this._least = -Infinity;
    if (lots === 0) return;
    const gross = Math.abs(venue.notionalAt(0, at));
    const maintenance = maintenanceOf(tiers, gross);
    const spared = toMoney(venue.cash) + venue.profitAt(0, at) - maintenance;
    if (!(spared > LEAST_ROOM * gross)) unusual();
    const price = liquidationPrice({
      inverse: u.inverse,
      quantity: u.quantity(lots),
      entryPrice: at,
      margin: spared / 2 + maintenance,
      tiers,
    });
    // The venue walks bars in whole ticks: a price between two of them is half a tick nearer to its wire there.
    if (!Number.isNaN(price)) board[lots > 0 ? 'below' : 'above'] = lots > 0 ? price + u.tickSize : price - u.tickSize;
    this._least = venue.cash - toAmount(spared / 4);
  }
}
