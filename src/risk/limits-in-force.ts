import type { Fact } from '../events/fact.js';
import { effectiveLimit, LIMIT_NAMES, settingWord, tighterLimit, type LimitValue, type SettingWord } from './change-limits.js';
import type { RiskLimits } from './limits.js';

/** One limit of an account, as its journal last said. */
export interface LimitInForce {
  /** As the latest start's configuration had it; undefined where no start has said so. */
  readonly configured: LimitValue | undefined;
  readonly inForce: LimitValue;
  /** Who set it last and why; null while nobody has. */
  readonly set: { readonly by: string; readonly reason: string } | null;
}

/** The limits of an account by name; empty before the first start. JSON as it is. */
export type LimitsInForce = Readonly<Record<string, LimitInForce>>;

/** A limit that is not as configured from a start on. */
export interface KeptLimit extends LimitInForce {
  readonly name: keyof RiskLimits;
  readonly word: SettingWord;
}

/** All limits by name, those that are left out by what the rules go by. */
export const effectiveLimits = (limits: RiskLimits): Readonly<Record<string, LimitValue>> =>
  Object.fromEntries(LIMIT_NAMES.map(name => [name, effectiveLimit(name, limits)]));

/**
 * What is in force from a start on. A restart never loosens: where the configuration of a limit is another one than that of the start before, the tighter of the two holds. Where it is the same, what was in
 * force stays, a loosening that somebody gave a reason for included.
 */
const startedWith = (before: LimitsInForce, configured: Readonly<Record<string, LimitValue>>): LimitsInForce =>
  Object.fromEntries(
    LIMIT_NAMES.flatMap(name => {
      const wanted = configured[name];
      const known = before[name];
      if (wanted === undefined) return known === undefined ? [] : [[name, known]];
      if (known === undefined) return [[name, { configured: wanted, inForce: wanted, set: null }]];
      const inForce = known.configured === wanted ? known.inForce : tighterLimit(name, known.inForce, wanted);
      return [[name, { configured: wanted, inForce, set: inForce === known.inForce ? known.set : null }]];
    }),
  );

/** Take one more fact of the account's own stream in. */
export const foldLimits = (limits: LimitsInForce, fact: Fact): LimitsInForce => {
  if (fact.type === 'SessionStarted') return fact.limits === undefined ? limits : startedWith(limits, fact.limits);
  if (fact.type !== 'SettingChanged' || !fact.path.startsWith('risk.')) return limits;
  const name = fact.path.slice('risk.'.length);
  const known = limits[name];
  const inForce = JSON.parse(fact.after) as LimitValue;
  // What a start says of it is what was in force already, and whoever set it is still the one who did.
  if (known?.inForce === inForce) return limits;
  return { ...limits, [name]: { configured: known?.configured, inForce, set: { by: fact.by, reason: fact.reason } } };
};

/** The configured limits with what is in force of them. */
export const heldLimits = (configured: RiskLimits, limits: LimitsInForce): RiskLimits => ({
  ...configured,
  ...Object.fromEntries(
    LIMIT_NAMES.flatMap(name => {
      const known = limits[name];
      return known === undefined || known.inForce === effectiveLimit(name, configured) ? [] : [[name, known.inForce]];
    }),
  ),
});

/** The limits that a start with this configuration does not take as configured, at market time `ts`: those of the journal hold. */
export const keptLimits = (before: LimitsInForce, configured: RiskLimits, ts: number): readonly KeptLimit[] => {
  const after = startedWith(before, effectiveLimits(configured));
  return LIMIT_NAMES.flatMap(name => {
    const known = after[name];
    if (known?.configured === undefined || known.inForce === known.configured) return [];
    const { set } = known;
    const reason =
      set === null ? 'as it was when the account was last traded' : `as ${set.by} set it${set.reason === '' ? '' : `: ${set.reason}`}`;
    return [{ ...known, name, word: settingWord(name, known.configured, known.inForce, { by: 'restart', reason, ts }) }];
  });
};

/** Names of limits that are not plainly as tight as configured. */
export const looserLimits = (configured: RiskLimits, held: RiskLimits): readonly (keyof RiskLimits)[] =>
  LIMIT_NAMES.filter(name => {
    const [asked, is] = [effectiveLimit(name, configured), effectiveLimit(name, held)];
    return is !== asked && tighterLimit(name, asked, is) !== is;
  });
