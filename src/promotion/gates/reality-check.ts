import { counted, figure } from '../../experiments/evidence/figure-text.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'reality-check', title: 'Reality check' } as const;

/** Could the best of the search be as good without any edge? Hansen's SPA (2005), White's reality check (2000) where it is not defined. */
export const realityCheckGate = (
  { spa, realityCheck, configurations }: Pick<GateEvidence, 'spa' | 'realityCheck' | 'configurations'>,
  limit: number,
): GateResult => {
  const bySpa = isKnown(spa.value);
  const p = bySpa ? spa.value : realityCheck.value;
  if (!isKnown(p))
    return cannotTell(
      NAME,
      `Neither SPA nor reality check is known: ${spa.reason ?? realityCheck.reason ?? 'there was no search'}.`,
      'Walk it forward with a search, over at least twenty days of returns.',
      { limit },
    );
  const said = `${bySpa ? 'Hansen’s SPA' : 'White’s reality check'}: p ${figure(p, 3)}`;
  const of = configurations === null ? 'the search' : counted(configurations, 'configuration');
  const figures = { figure: p, limit };
  return p <= limit
    ? passes(NAME, `${said} for the best of ${of}; at most ${limit} is asked for.`, figures)
    : fails(
        NAME,
        `${said}, at most ${limit} is asked for: the best of ${of} could be as good without any edge.`,
        'A longer record, or a stronger edge; leaving configurations out afterwards is no remedy.',
        figures,
      );
};
