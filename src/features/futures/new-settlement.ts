import { HOUR } from '../../time.js';
import type { Panel } from '../panel-feature.js';

/** Rates are compared over eight hours, the interval that most venues settle at. */
const INTERVAL = 8 * HOUR;

/** The last settled funding rate as a fraction per eight hours, whatever its own interval; NaN without one. */
export const eightHourRate = ({ funding, fundingInterval }: Panel): number => (funding * INTERVAL) / fundingInterval;

/** Whether the settlement at hand was not seen before: each counts once, however many bars it stands for. A bar that spans several settlements shows the last of them only. */
export const newSettlement = (): ((panel: Panel) => boolean) => {
  const last = new Float64Array([-Infinity]);
  return ({ fundingTs }) => {
    if (!(fundingTs > last[0]!)) return false;
    last[0] = fundingTs;
    return true;
  };
};
