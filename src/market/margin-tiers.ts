import { usageError } from '../errors.js';

/**
 * One bracket of a venue's maintenance-margin schedule. A position whose notional is in [floor, cap) needs `rate` × notional − `deduction`, which joins the brackets without a
 * step. Money in the settlement asset.
 */
export interface MarginTier {
  readonly floor: number;
  /** Infinity for the last one. */
  readonly cap: number;
  /** Maintenance margin as a fraction of notional. */
  readonly rate: number;
  /** Maintenance amount (Binance: cum; Bybit: MM deduction). */
  readonly deduction: number;
  /** Highest leverage for a position of this size. */
  readonly maxLeverage: number;
}

/** What a venue's table says of one bracket; caps and deductions follow from it. */
export type TierStep = Pick<MarginTier, 'floor' | 'rate' | 'maxLeverage'>;

const badTier = (i: number, what: string, fix: string): Error => usageError('bad-tiers', `Margin tier ${i + 1}: ${what}.`, fix);

/** A deduction is published to the cent or so: what it may be off by, as a share of the maintenance margin where its bracket begins. */
const DEDUCTION_SLACK = 1e-6;

/** Deduction that lets `tier` begin where `before` ends: floor × (rate − rate before) + deduction before (Binance and Bybit, maintenance amount). */
const joining = (before: MarginTier, tier: Pick<MarginTier, 'floor' | 'rate'>): number =>
  tier.floor * (tier.rate - before.rate) + before.deduction;

/**
 * The same schedule, when it is one: brackets from 0 upwards without gap or overlap, the last one without end, rates between 0 and 1 that do not fall, leverage that does not rise, and
 * deductions that join the brackets without a step. Throws a `bad-tiers` usage error that names the tier otherwise. No brackets at all mean no maintenance margin (spot).
 */
export const checkTiers = (tiers: readonly MarginTier[]): readonly MarginTier[] => {
  tiers.forEach((tier, i) => {
    const { floor, cap, rate, deduction, maxLeverage } = tier;
    const before = tiers[i - 1];
    const last = i === tiers.length - 1;
    if (!(rate > 0 && rate < 1)) throw badTier(i, `the maintenance rate is ${rate}`, 'It is a fraction of notional, above 0 and below 1.');
    if (!(maxLeverage > 0 && maxLeverage < Infinity)) throw badTier(i, `the highest leverage is ${maxLeverage}`, 'It is a number above 0.');
    if (!(cap > floor)) throw badTier(i, `it ends at ${cap} and begins at ${floor}`, 'Brackets are listed from small to large positions.');
    if (last && cap !== Infinity)
      throw badTier(i, `it is the last one and ends at ${cap}`, 'Leave its cap out: the last bracket has no end.');
    if (!before) {
      if (floor !== 0) throw badTier(i, `the first bracket begins at ${floor}`, 'Begin at 0.');
      if (deduction !== 0) throw badTier(i, `the first deduction is ${deduction}`, 'It is 0: there is nothing to join.');
      return;
    }
    if (floor !== before.cap)
      throw badTier(i, `it begins at ${floor}, and the one before ends at ${before.cap}`, 'Each begins where the last one ends.');
    if (rate < before.rate) throw badTier(i, `the rate falls from ${before.rate} to ${rate}`, 'Larger positions need no smaller share.');
    if (maxLeverage > before.maxLeverage)
      throw badTier(i, `leverage rises from ${before.maxLeverage} to ${maxLeverage}`, 'Larger positions have no more leverage.');
    const expected = joining(before, tier);
    if (!(Math.abs(deduction - expected) <= DEDUCTION_SLACK * floor * rate))
      throw badTier(
        i,
        `the deduction of ${deduction} makes a step where the bracket begins`,
        `It is ${expected}: floor × (rate − rate before) + deduction before.`,
      );
  });
  return tiers;
};

/** A schedule from what a venue's table lists, with caps and deductions filled in. Throws as `checkTiers` does. */
export const tierSchedule = (steps: readonly TierStep[]): readonly MarginTier[] => {
  const tiers: MarginTier[] = [];
  steps.forEach((step, i) => {
    const before = tiers[i - 1];
    const { floor, rate, maxLeverage } = step;
    tiers.push({ floor, cap: steps[i + 1]?.floor ?? Infinity, rate, deduction: before ? joining(before, step) : 0, maxLeverage });
  });
  return checkTiers(tiers);
};

/** The bracket of a position with this notional (settlement asset, positive); undefined where there are none. */
export const tierOf = (tiers: readonly MarginTier[], notional: number): MarginTier | undefined => {
  // From below: most positions are small.
  let i = 0;
  while (i + 1 < tiers.length && notional >= tiers[i + 1]!.floor) i++;
  return tiers[i];
};

/** Maintenance margin of a position with this notional, both in the settlement asset and positive; 0 where there are no brackets. */
export const maintenanceOf = (tiers: readonly MarginTier[], notional: number): number => {
  const tier = tierOf(tiers, notional);
  return tier ? notional * tier.rate - tier.deduction : 0;
};
