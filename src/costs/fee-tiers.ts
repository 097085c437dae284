import { usageError } from '../errors.js';
import { AMOUNT_SCALE } from '../market/units.js';
import type { FeeBasis, FeeModel } from './fees.js';
import { thirtyDayVolume } from './fee-volume.js';

/** Rates from this traded volume on. */
export interface FeeTier {
  /** Quote currency over 30 days. */
  readonly volume: number;
  /** Fractions of notional; a negative maker rate is a rebate. */
  readonly maker: number;
  readonly taker: number;
}

/** A venue's fee table and where the account stands in it. */
export interface TieredFeesOptions {
  readonly tiers: readonly FeeTier[];
  /** Volume of the 30 days before the first fill, quote currency; taken to be the same every day. 0 when left out. */
  readonly volume?: number;
  /** A coin that fees are paid in and the discount that it brings, 0 to 1. Its value is booked in the settlement asset, as if bought when the fee is due. */
  readonly coin?: { readonly asset: string; readonly discount: number } | null;
}

/**
 * Fees by traded volume: each day (UTC) has the tier with the largest `volume` not above what was traded in the 30 days before it, as venues update theirs once a day. The account's own
 * fills count once they are `booked`. Rebates get no discount. Flatters when the volume was traded by an account with a worse tier.
 * Throws a usage error for tiers that do not begin at 0 or do not ascend.
 */
export const tieredFees = ({ tiers, volume = 0, coin = null }: TieredFeesOptions): FeeModel => {
  tiers.forEach((tier, i) => {
    const before = tiers[i - 1];
    if (before ? !(tier.volume > before.volume) : tier.volume !== 0)
      throw usageError(
        'bad-fee-tiers',
        before
          ? `Fee tier ${i + 1} begins at ${tier.volume}, the one before at ${before.volume}.`
          : `The first fee tier begins at ${tier.volume}.`,
        'List tiers from volume 0 upwards.',
      );
  });
  if (tiers.length === 0) throw usageError('bad-fee-tiers', 'There are no fee tiers.', 'List at least one, from volume 0.');
  const price = 1 - (coin?.discount ?? 0);
  const traded = thirtyDayVolume(volume);
  const rateOf = (liquidity: FeeBasis['liquidity']): number => {
    let i = tiers.length - 1;
    while (i > 0 && tiers[i]!.volume > traded.total) i--;
    return tiers[i]![liquidity];
  };
  const fee: FeeModel = ({ notional, liquidity, ts }) => {
    if (ts !== undefined) traded.advance(ts);
    const rate = rateOf(liquidity);
    return notional * (rate > 0 ? rate * price : rate);
  };
  fee.booked = basis => {
    if (basis.ts !== undefined) traded.advance(basis.ts);
    traded.add(basis.volume ?? basis.notional / AMOUNT_SCALE);
  };
  return fee;
};
