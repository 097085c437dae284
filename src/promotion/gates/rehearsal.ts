import { DAY } from '../../time.js';
import type { GateRehearsal, LiveInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { lasted } from './how-long.js';
import { fails, cannotTell, passes } from './verdicts.js';

const TITLES = { 'kill-switch': 'Kill switch', 'dead-man': 'Dead man' } as const;

/** Was it rehearsed at this venue lately, and did it work the last time? What was never tried is not known to work. */
export const rehearsalGate = (
  what: GateRehearsal['what'],
  { rehearsals, session, now }: Pick<LiveInputs, 'rehearsals' | 'session' | 'now'>,
  limit: number,
): GateResult => {
  const name = { gate: what, title: TITLES[what] };
  const again = `Rehearse it: quantai rehearse --account ${session.account} --venue ${session.practice ? 'practice' : session.venue}.`;
  if (rehearsals === null) return cannotTell(name, 'Rehearsals could not be read.', again, { limit });
  const of = rehearsals.filter(each => each.what === what);
  const newest = of.reduce<GateRehearsal | null>((last, each) => (last === null || each.at >= last.at ? each : last), null);
  if (newest === null) return cannotTell(name, `It was never rehearsed at ${session.venue}.`, again, { limit });
  const days = (now - newest.at) / DAY;
  const figures = { figure: days, limit };
  if (!newest.passed) return fails(name, `The last rehearsal failed: ${newest.text}`, `Mend that. ${again}`, figures);
  if (days > limit) return fails(name, `It was rehearsed ${lasted(days)} ago, within ${lasted(limit)} is asked for.`, again, figures);
  const took = newest.tookMs === null ? '' : `, nothing of ours was open after ${(newest.tookMs / 1000).toFixed(1)} s`;
  return passes(name, `Rehearsed at ${session.venue} ${lasted(days)} ago with ${newest.account}${took}.`, figures);
};
