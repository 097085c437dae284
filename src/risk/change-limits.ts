import type { Envelope } from '../events/fact.js';
import type { SettingChanged } from '../events/operator.js';
import { LIMIT_DEFAULTS, type RiskLimits } from './limits.js';
import type { Denial } from './risk-check.js';

/** Which way a limit becomes tighter. `unclear`: another value is another question, and counts as looser. */
type Tighter = 'lower' | 'higher' | 'true' | 'unclear';

/** Each limit's tighter way and what its values may be. */
const LIMITS: Readonly<
  Record<keyof RiskLimits, { readonly tighter: Tighter; readonly value: 'positive' | 'fraction' | 'whole' | 'boolean' }>
> = {
  maxOrderNotional: { tighter: 'lower', value: 'positive' },
  maxLeverage: { tighter: 'lower', value: 'positive' },
  maxExposure: { tighter: 'lower', value: 'positive' },
  priceCollar: { tighter: 'lower', value: 'positive' },
  maxDrawdown: { tighter: 'lower', value: 'fraction' },
  maxPosition: { tighter: 'lower', value: 'positive' },
  maxGross: { tighter: 'lower', value: 'positive' },
  maxNet: { tighter: 'lower', value: 'positive' },
  maxConcentration: { tighter: 'lower', value: 'fraction' },
  concentrationFrom: { tighter: 'lower', value: 'positive' },
  maxCorrelated: { tighter: 'lower', value: 'positive' },
  correlationAt: { tighter: 'lower', value: 'fraction' },
  correlationWindow: { tighter: 'unclear', value: 'whole' },
  maxOrderRate: { tighter: 'lower', value: 'whole' },
  rateWindow: { tighter: 'higher', value: 'positive' },
  maxOpenOrders: { tighter: 'lower', value: 'whole' },
  maxDailyLoss: { tighter: 'lower', value: 'fraction' },
  dailyLossHalts: { tighter: 'true', value: 'boolean' },
  pauseAfterLosses: { tighter: 'lower', value: 'whole' },
  lossPause: { tighter: 'higher', value: 'positive' },
  maxVolatility: { tighter: 'lower', value: 'positive' },
  volatilityWindow: { tighter: 'unclear', value: 'whole' },
  maxSpread: { tighter: 'lower', value: 'positive' },
  maxDataAge: { tighter: 'lower', value: 'positive' },
  minMarginDistance: { tighter: 'higher', value: 'fraction' },
  haltFlattens: { tighter: 'unclear', value: 'boolean' },
};

/** Names of all limits. */
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly (keyof RiskLimits)[];

/** Value of a limit; null is off. */
export type LimitValue = number | boolean | null;

/** What the rules go by, where nothing is said too. */
export const effectiveLimit = (name: keyof RiskLimits, limits: RiskLimits): LimitValue => {
  const value = limits[name] ?? null;
  if (value !== null) return value;
  if (name === 'dailyLossHalts') return false;
  if (name === 'haltFlattens') return true;
  return name in LIMIT_DEFAULTS ? LIMIT_DEFAULTS[name as keyof typeof LIMIT_DEFAULTS] : null;
};

const directionOf = (name: keyof RiskLimits, before: LimitValue, after: LimitValue): SettingChanged['direction'] => {
  const { tighter } = LIMITS[name];
  if (tighter === 'unclear') return 'other';
  if (tighter === 'true') return after === true ? 'tighter' : 'looser';
  // A limit that is off is as loose as can be.
  if (before === null) return 'tighter';
  if (after === null) return 'looser';
  return (tighter === 'lower') === after < before ? 'tighter' : 'looser';
};

/** The tighter of what is in force and another value. One that is not plainly tighter counts as looser: what is in force stays. */
export const tighterLimit = (name: keyof RiskLimits, inForce: LimitValue, other: LimitValue): LimitValue =>
  other !== inForce && directionOf(name, inForce, other) === 'tighter' ? other : inForce;

/** The word for a limit that goes from one effective value to another. */
export const settingWord = (
  name: keyof RiskLimits,
  before: LimitValue,
  after: LimitValue,
  { by, reason, ts }: LimitChange,
): SettingWord => ({
  type: 'SettingChanged',
  ts,
  path: `risk.${name}`,
  before: JSON.stringify(before),
  after: JSON.stringify(after),
  direction: directionOf(name, before, after),
  by,
  reason,
});

const isPossible = (name: keyof RiskLimits, value: unknown): boolean => {
  switch (LIMITS[name].value) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'whole':
      return value === null || (Number.isSafeInteger(value) && (value as number) > 0);
    case 'fraction':
      return value === null || (typeof value === 'number' && value > 0 && value <= 1);
    case 'positive':
      return value === null || (typeof value === 'number' && value > 0 && value < Infinity);
  }
};

/** A change of a setting that is still to get its place in a stream. */
export type SettingWord = Omit<SettingChanged, Exclude<keyof Envelope, 'ts'>>;

/** Who changes limits, when (epoch ms) and why. */
export interface LimitChange {
  readonly by: string;
  /** What was typed; empty when nothing was. Needed for anything that is not plainly tighter. */
  readonly reason: string;
  readonly ts: number;
}

/**
 * The limits with what `patch` changes of them, and a word for each change; or why not. What becomes tighter holds at once. A patch with a limit that becomes looser, or that has no tighter way, is refused
 * whole unless a reason is given: half of a change is not what was asked for. null switches a limit off, which is looser. A value that is the one at hand is no change.
 */
export const changeLimits = <T extends RiskLimits>(
  current: T,
  patch: Readonly<Partial<Record<string, unknown>>>,
  { by, reason, ts }: LimitChange,
): { readonly limits: T; readonly words: readonly SettingWord[] } | Denial => {
  const words: SettingWord[] = [];
  const changed: Record<string, LimitValue> = {};
  for (const key of Object.keys(patch).sort()) {
    const name = LIMIT_NAMES.find(each => each === key);
    if (name === undefined) return { code: 'unknown-limit', text: `there is no limit called ${key}; they are ${LIMIT_NAMES.join(', ')}` };
    const value = patch[key];
    if (!isPossible(name, value))
      return {
        code: 'bad-limit',
        text: `${name} cannot be ${JSON.stringify(value) ?? String(value)}: it is a ${LIMITS[name].value} value`,
      };
    const after = value as LimitValue;
    const before = effectiveLimit(name, current);
    changed[name] = after;
    const next = effectiveLimit(name, { ...current, [name]: after });
    if (next === before) continue;
    const direction = directionOf(name, before, next);
    if (direction !== 'tighter' && reason.trim() === '')
      return {
        code: 'reason-needed',
        text: `${name} would go from ${JSON.stringify(before)} to ${JSON.stringify(next)}, which is ${direction === 'looser' ? 'looser' : 'not plainly tighter'}: say why`,
      };
    words.push(settingWord(name, before, next, { by, reason, ts }));
  }
  return { limits: { ...current, ...changed }, words };
};
