import type { GateResult } from './gate.js';
import { counted } from '../../experiments/evidence/figure-text.js';
import { daysUntil, lasted, toWait } from './how-long.js';
import { cannotTell, fails, isKnown, passes, type GateName } from './verdicts.js';

/** A length of time against the least that is asked for, both in days. `where` ends the sentence: `out of sample`. */
export const enoughDays = (name: GateName, days: number | null, limit: number, where: string, missing: string): GateResult => {
  if (!isKnown(days)) return cannotTell(name, `How many days there are ${where} is not known.`, missing, { limit });
  const figures = { figure: days, limit };
  if (days >= limit) return passes(name, `${lasted(days)} ${where}; ${lasted(limit)} are asked for.`, figures);
  return fails(
    name,
    `${lasted(days)} ${where}, ${lasted(limit)} are asked for.`,
    `${capital(toWait(limit - days))} more ${where}.`,
    figures,
  );
};

/** Closed trades against the least that is asked for, with the time that the rest takes at the rate of `days`. */
export const enoughTrades = (
  name: GateName,
  { trades, days }: { readonly trades: number | null; readonly days: number | null },
  limit: number,
  where: string,
  missing: string,
): GateResult => {
  if (!isKnown(trades)) return cannotTell(name, `How many trades were closed ${where} is not known.`, missing, { limit });
  const figures = { figure: trades, limit };
  if (trades >= limit) return passes(name, `${counted(trades, 'closed trade')} ${where}; ${limit} are asked for.`, figures);
  const rest = daysUntil(trades, days, limit);
  return fails(
    name,
    `${counted(trades, 'closed trade')} ${where}, ${limit} are asked for.`,
    rest === null
      ? `${counted(limit - trades, 'more closed trade')} ${where}; it has none to tell a rate by.`
      : `${capital(toWait(rest))} more at its rate.`,
    figures,
  );
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
