import type { PaperInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { cannotTell, fails, passes } from './verdicts.js';

const NAME = { gate: 'data', title: 'Data' } as const;

/** Is the evidence about a market? Synthetic data says nothing about one, and passes for the practice exchange only; errors that nobody repaired may be the whole result. */
export const dataGate = ({ evidence: { synthetic, dataErrors }, session: { practice, venue } }: PaperInputs): GateResult => {
  if (synthetic && !practice)
    return fails(
      { ...NAME, overridable: false },
      `The evidence is of synthetic data, which says nothing about ${venue}.`,
      'Import the history of the venue, and walk it forward there.',
    );
  if (dataErrors === null)
    return cannotTell(NAME, 'Whether the data has errors is not known.', 'Check it: quantai data check, then make the run again.');
  if (dataErrors.length > 0)
    return fails(
      NAME,
      `The data has errors: ${dataErrors.slice(0, 3).join(', ')}${dataErrors.length > 3 ? ` and ${dataErrors.length - 3} more` : ''}.`,
      'Repair or leave out what quantai data check names, and walk it forward again.',
      { figure: dataErrors.length, limit: 0 },
    );
  return passes(NAME, synthetic ? 'Synthetic: good for the practice exchange, and for no market.' : 'Recorded data without errors.', {
    figure: 0,
    limit: 0,
  });
};
