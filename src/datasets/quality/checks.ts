import type { Finding, Series } from '../series.js';
import { badPrice } from './bad-price.js';
import { barShape } from './bar-shape.js';
import { bookGap } from './book-gap.js';
import type { Check, CheckContext } from './check.js';
import { crossedQuote } from './crossed-quote.js';
import { fundingGrid, fundingSize, missingFunding } from './funding.js';
import { gaps } from './gaps.js';
import { idleBars } from './idle-bars.js';
import { impossibleStep } from './impossible-step.js';
import { offGrid } from './off-grid.js';
import { redenomination } from './redenomination.js';
import { repeatedBlock } from './repeated-block.js';

const REGULAR: readonly Check[] = [gaps, offGrid];

/** Every check of a series that is already ascending and unique, in the order in which findings are shown. */
export const runChecks = (series: Series, context: CheckContext): Finding[] => {
  const regular = ['bars', 'mark', 'index', 'open-interest'].includes(series.kind) ? REGULAR : [];
  const checks = [
    badPrice,
    barShape,
    redenomination,
    ...regular,
    repeatedBlock,
    impossibleStep,
    idleBars,
    missingFunding,
    fundingGrid,
    fundingSize,
    crossedQuote,
    bookGap,
  ];
  return checks.flatMap(check => check(series, context));
};
