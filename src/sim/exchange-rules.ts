import { makerTaker, perOrder, type FeeModel } from '../costs/fees.js';
import { fixedBps, halfSpread, noSlippage, sqrtImpact, type SlippageModel } from '../costs/slippage.js';
import type { RunConfig } from '../engine/run-config.js';
import type { ExchangeRules } from './simulated-exchange.js';

const feeModel = (config: RunConfig['fees']): FeeModel => {
  switch (config.kind) {
    case 'maker-taker':
      return makerTaker(config);
    case 'per-order':
      return perOrder(config);
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
  }
};

/** From the names in a configuration to the models that the exchange runs on. */
export const exchangeRules = (config: RunConfig): ExchangeRules => ({
  fees: feeModel(config.fees),
  slippage: slippageModel(config.slippage),
  path: config.fills.path,
  limits: config.fills.limits,
  participation: config.fills.participation,
  leverage: config.leverage,
  latency: config.latency,
  funding: config.funding.kind === 'settled',
});
