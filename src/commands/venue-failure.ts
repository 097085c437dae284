import { failed, usageError } from '../errors.js';
import { VenueFailure, type FailureKind } from '../live/venue-transport.js';

const FIXES: Readonly<Record<FailureKind, string>> = {
  refused: 'See what the venue asks for.',
  absent: 'See what the venue asks for.',
  ambiguous: 'Check the network, then start again: what was sent is asked about first.',
  limited: 'Wait as long as the venue says, then start again.',
  clock: 'Set the clock of this machine.',
  unauthorised: 'Check the keys, what they may do and from where: quantai keys list.',
  unavailable: 'Check the network and whether the venue is in maintenance.',
};

/** What a venue said, as something that the user can mend; every other error as it is. */
export const explainedVenue = (venue: string, error: unknown): unknown => {
  if (!(error instanceof VenueFailure)) return error;
  const { kind, message } = error;
  const make = kind === 'unauthorised' || kind === 'refused' || kind === 'absent' ? usageError : failed;
  return make(`venue-${kind}`, `${venue} did not do what was asked (${error.code}): ${message}`, FIXES[kind]);
};
