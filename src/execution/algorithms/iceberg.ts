import type { Lots } from '../../market/units.js';
import type { Algorithm, WorkTerms } from './algorithm.js';
import { WorkedOrder } from './worked-order.js';

/** Terms of an iceberg. */
export interface IcebergTerms extends WorkTerms {
  /** Lots that are shown at a time. */
  readonly display: Lots;
}

/**
 * A resting order that shows `display` of its lots at a time: the next part goes out when the one before has filled whole, behind everyone who is at the price by then. An order that the venue ends by itself ends the
 * whole.
 */
export const iceberg = (terms: IcebergTerms): Algorithm => {
  const work = new WorkedOrder(terms);
  return {
    nextAt: Infinity,
    countsVolume: false,
    get filled() {
      return work.filled;
    },
    handle: event => {
      work.hear(event);
      if (event.on === 'ended' && work.isWorking) work.leave(event.code);
      if (work.isWorking && work.isQuiet) work.slice(terms.display);
      return work.settle();
    },
  };
};
