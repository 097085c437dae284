import { FeeConfig, SlippageConfig, type RunConfig } from '../../engine/run-config.js';

type Costs = Pick<RunConfig, 'fees' | 'slippage'>;

const timesFees = (fees: RunConfig['fees'], multiple: number): RunConfig['fees'] => {
  // A rebate is income: a harder market does not pay more of it.
  const dearer = (rate: number): number => (rate > 0 ? rate * multiple : rate);
  switch (fees.kind) {
    case 'maker-taker':
      return { ...fees, maker: dearer(fees.maker), taker: dearer(fees.taker) };
    case 'per-order':
      return { ...fees, fixed: dearer(fees.fixed), rate: dearer(fees.rate) };
    case 'tiered':
      return { ...fees, tiers: fees.tiers.map(tier => ({ ...tier, maker: dearer(tier.maker), taker: dearer(tier.taker) })) };
  }
};

const timesSlippage = (slippage: RunConfig['slippage'], multiple: number): RunConfig['slippage'] => {
  switch (slippage.kind) {
    case 'none':
      return slippage;
    case 'fixed-bps':
      return { ...slippage, bps: slippage.bps * multiple };
    case 'half-spread':
      return { ...slippage, spreadBps: slippage.spreadBps * multiple };
    case 'sqrt-impact':
    case 'fitted':
      return { ...slippage, spreadBps: slippage.spreadBps * multiple, coefficient: slippage.coefficient * multiple };
    case 'volatility':
      return { ...slippage, spreadBps: slippage.spreadBps * multiple, multiple: slippage.multiple * multiple };
    case 'almgren-chriss':
      return {
        ...slippage,
        spreadBps: slippage.spreadBps * multiple,
        temporary: slippage.temporary * multiple,
        permanent: slippage.permanent * multiple,
      };
  }
};

/**
 * Fees and slippage so many times as dear: every fee rate above 0, and every part of the slippage model, impact included. Null where that is beyond what a run takes. Half the spread of a
 * recorded book is in its prices and stays.
 */
export const stressedCosts = ({ fees, slippage }: Costs, multiple: number): Costs | null => {
  const stressed = { fees: timesFees(fees, multiple), slippage: timesSlippage(slippage, multiple) };
  return FeeConfig.safeParse(stressed.fees).success && SlippageConfig.safeParse(stressed.slippage).success ? stressed : null;
};
