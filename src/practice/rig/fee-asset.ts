import type { VenueExecution } from '../../live/venue-transport.js';
import type { Weather } from './weather.js';

/** The execution with its fee in the asset that the venue takes fees in today. */
export const inFeeAsset = (execution: VenueExecution, { feeAsset }: Weather): VenueExecution =>
  feeAsset === null ? execution : { ...execution, fee: execution.fee / feeAsset.price, feeAsset: feeAsset.asset };
