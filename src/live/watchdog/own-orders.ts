import type { VenueOrder } from '../venue-transport.js';

/** Orders of this platform only: what a person or another program has placed is theirs. */
export const isOurs = ({ clientId }: Pick<VenueOrder, 'clientId'>): boolean => /^q[tw]-/.test(clientId);

/** It can only close, and waits for a price that goes against the position. */
export const isProtective = ({
  reduceOnly,
  closePosition,
  conditional,
  status,
}: Pick<VenueOrder, 'reduceOnly' | 'closePosition' | 'conditional' | 'status'>): boolean =>
  (reduceOnly || closePosition) && (conditional || status === 'untriggered');
