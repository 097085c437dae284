import type { LimitView } from '../../api/accounts-api.js';

type Value = LimitView['limit'];

const isOff = ({ limit, unit }: Pick<LimitView, 'limit' | 'unit'>): boolean => limit === null && unit !== 'flag';
const rank = (row: LimitView): number => (isOff(row) ? 2 : row.use === null ? 1 : 0);

/** Limits with the one that is nearest to being reached first; then those without a use, then those that are off. Equal ones keep a fixed order, so that rows do not jump as figures tick. */
export const byUse = (rows: readonly LimitView[]): readonly LimitView[] =>
  [...rows].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      // A tenth of a percent is less than anyone sees: rows change places only for more.
      Math.round((b.use ?? 0) * 1000) - Math.round((a.use ?? 0) * 1000) ||
      (a.scope === b.scope ? 0 : a.scope < b.scope ? -1 : 1) ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );

/** Limits whose larger value is the tighter one. */
const HIGHER_IS_TIGHTER: ReadonlySet<string> = new Set(['rateWindow', 'lossPause', 'minMarginDistance']);
/** Limits of which no value is plainly tighter than another. */
const NO_TIGHTER_WAY: ReadonlySet<string> = new Set(['correlationWindow', 'volatilityWindow', 'haltFlattens']);

/** Whether a change is plainly tighter. Everything else needs a reason; the session has the last word. */
export const isTighter = (path: string, before: Value, after: Value): boolean => {
  if (NO_TIGHTER_WAY.has(path)) return false;
  if (path === 'dailyLossHalts') return after === true;
  if (before === null) return true;
  if (after === null) return false;
  return HIGHER_IS_TIGHTER.has(path) ? after > before : after < before;
};

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** What was typed as the value of a limit: percent for fractions, `90s` or `1d` for times, `off` for none. A sentence where it is none. */
export const typedLimit = (typed: string, unit: string): { readonly value: Value } | { readonly wrong: string } => {
  const bare = typed.trim().replaceAll(/[\s,_]/g, '');
  const text = unit === 'multiple' ? bare.replace(/[×x]$/i, '') : bare;
  if (unit === 'flag') {
    if (text === 'on' || text === 'true') return { value: true };
    return text === 'off' || text === 'false' ? { value: false } : { wrong: 'Choose on or off.' };
  }
  if (text === 'off') return { value: null };
  const [, stretch, suffix] = /^([\d.]+)(ms|s|m|min|h|d)$/.exec(text) ?? [];
  if (unit === 'ms' && stretch !== undefined && suffix !== undefined && Number(stretch) > 0)
    return { value: Number(stretch) * (MILLISECONDS[suffix] ?? NaN) };
  const isPercent = text.endsWith('%');
  const number = Number(isPercent ? text.slice(0, -1) : text);
  if (text === '' || text === '%' || !Number.isFinite(number)) return { wrong: 'Write a number, or off.' };
  if (isPercent && unit !== 'fraction') return { wrong: 'This limit is no percentage.' };
  const value = isPercent ? Number((number / 100).toPrecision(12)) : number;
  if (value <= 0) return { wrong: 'A limit is greater than 0. Write off to take it away.' };
  if ((unit === 'count' || unit === 'bars') && !Number.isInteger(value)) return { wrong: 'This limit is a whole number.' };
  return { value };
};
