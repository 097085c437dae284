import { VenueFailure } from '../venue-transport.js';

/** Goes on when the venue says that there was nothing to change. */
export const unlessSame = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof VenueFailure && error.code === 'no-change')) throw error;
  }
};
