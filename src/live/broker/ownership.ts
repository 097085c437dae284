import { VenueFailure } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';

/** Whose the account is, by what stands on the disk at this moment. */
export type Ownership = 'ours' | 'another' | 'unreadable';

/**
 * Why a request that changes something at the venue must not leave, or null; asked as it leaves, for a process that stood still may have been replaced. Once another session owns the account nothing leaves, cancels included: the
 * orders may be the other's. Where the disk does not say whose it is, only what takes risk away does.
 */
export const disowned = (core: BrokerCore, takesRiskAway: boolean): VenueFailure | null => {
  const owner = core.isFenced ? 'another' : core.ports.owner();
  if (owner === 'another') {
    core.lose();
    return new VenueFailure('refused', 'fenced', 'another session owns the account');
  }
  return owner === 'ours' || takesRiskAway
    ? null
    : new VenueFailure('refused', 'disk', 'it cannot be read whether the account is still this session’s');
};
