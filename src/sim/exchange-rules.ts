import { almgrenChriss } from '../costs/almgren-chriss.js';
import { makerTaker, perOrder, type FeeModel } from '../costs/fees.js';
import { tieredFees } from '../costs/fee-tiers.js';
import { fittedImpact } from '../costs/fitted-impact.js';
import { fixedBps, halfSpread, noSlippage, sqrtImpact, type SlippageModel } from '../costs/slippage.js';
import { volatilitySlippage } from '../costs/volatility-slippage.js';
import type { MarginConfig, RunConfig } from '../engine/run-config.js';
import { usageError } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import { paysFunding, type Instrument } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { latencyModel } from './latency/latency-models.js';
import { leverageOf, marginTiers, marksAreDense } from '../engine/margin-terms.js';
import { BarMarket } from './matching/bar-market.js';
import { TickMarket } from './matching/tick-market.js';
import { SimulatedExchange, type ExchangeMarginRules, type ExchangeRules, type MarketFactory } from './simulated-exchange.js';

const feeModel = (config: RunConfig['fees']): FeeModel => {
  switch (config.kind) {
    case 'maker-taker':
      return makerTaker(config);
    case 'per-order':
      return perOrder(config);
    case 'tiered':
      return tieredFees(config);
  }
};

const slippageModel = (config: RunConfig['slippage']): SlippageModel => {
  switch (config.kind) {
    case 'none':
      return noSlippage();
    case 'fixed-bps':
      return fixedBps(config);
    case 'half-spread':
      return halfSpread(config);
    case 'sqrt-impact':
      return sqrtImpact(config);
    case 'volatility':
      return volatilitySlippage(config);
    case 'almgren-chriss':
      return almgrenChriss(config);
    case 'fitted':
      return fittedImpact(config);
  }
};

const inputOf = (inputs: readonly InputRange[], kind: InputRange['kind'], symbol: string): InputRange | undefined =>
  inputs.find(input => input.kind === kind && input.symbol === symbol && input.rows > 0);

const marginRules = (
  config: RunConfig,
  margin: MarginConfig,
  instruments: readonly Instrument[],
  inputs: readonly InputRange[],
): ExchangeMarginRules => {
  const { mode, positions, liquidation, spotCollateral, fundingTolerance } = margin;
  const unmarked = instruments.find(each => paysFunding(each) && inputOf(inputs, 'mark', each.symbol) === undefined);
  if (liquidation.price === 'mark' && unmarked)
    throw usageError(
      'no-mark-prices',
      `Liquidation was to be judged by the mark price, and the data has none of ${unmarked.symbol}: it would never come.`,
      'Import mark prices, or judge by the last price: --liquidation price=last.',
    );
  const barMs = timeframeMs(config.timeframe);
  return {
    terms: {
      mode,
      leverage: instruments.map(instrument => leverageOf(instrument, config.leverage, margin)),
      tiers: instruments.map(instrument => marginTiers(instrument, margin)),
      isSpot: instruments.map(({ kind }) => kind === 'spot'),
      spotCollateral,
    },
    hedge: positions === 'hedge',
    liquidation: {
      fee: liquidation.fee,
      partial: liquidation.partial,
      byMark: instruments.map(({ symbol }) =>
        liquidation.price === 'auto' ? marksAreDense(inputs, symbol, barMs) : liquidation.price === 'mark',
      ),
    },
    fundingTolerance,
  };
};

/** From the names in a configuration to the models that the exchange runs on. `inputs` is what the feed will bring. */
export const exchangeRules = (config: RunConfig, instruments: readonly Instrument[], inputs: readonly InputRange[]): ExchangeRules => ({
  fees: feeModel(config.fees),
  slippage: slippageModel(config.slippage),
  leverage: config.leverage,
  latency: latencyModel(config.latency, config.seed),
  funding: config.funding.kind === 'settled',
  margin: config.margin === undefined ? null : marginRules(config, config.margin, instruments, inputs),
  marked: instruments.map(({ symbol }) => inputOf(inputs, 'mark', symbol) !== undefined),
});

/** Markets of the depth that the configuration names. */
const marketsOf = ({ fills, timeframe, margin }: RunConfig, { slippage }: ExchangeRules): MarketFactory => {
  if (fills.kind !== 'bars')
    return (index, instrument, account, host) => new TickMarket(index, instrument, account.unitsAt(index), { fills, slippage }, host);
  const { path, limits, participation, finer } = fills;
  const rules = {
    path,
    limits,
    participation,
    slippage,
    ...(finer === undefined ? {} : { finer, timeframe }),
    closesOnPath: margin !== undefined,
  };
  return (index, instrument, account, host) => new BarMarket(index, instrument, account.unitsAt(index), rules, host);
};

/** The exchange that a configuration describes, with its account at the starting capital. */
export const simulatedExchange = (
  config: RunConfig,
  instruments: readonly Instrument[],
  inputs: readonly InputRange[],
): SimulatedExchange => {
  const rules = exchangeRules(config, instruments, inputs);
  return new SimulatedExchange(instruments, config.capital, rules, marketsOf(config, rules));
};
