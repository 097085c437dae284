import type { Assumption } from '../engine/run-result.js';
import { DEFAULT_PLAN, type PlanConfig, type RunConfig } from '../engine/run-config.js';
import type { InputRange } from '../events/feed.js';
import type { Instrument } from '../market/instrument.js';
import { percent } from './assumption-text.js';
import { fillAssumptions } from './fill-assumptions.js';
import { lateText, marginAssumptions } from './margin-assumptions.js';
import { riskLimitsText } from './risk-limits-text.js';
import { DEFAULT_SOURCES, venuePreset } from './venue-preset.js';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const feesText = (fees: RunConfig['fees']): string => {
  switch (fees.kind) {
    case 'maker-taker':
      return `maker ${percent(fees.maker)}, taker ${percent(fees.taker)} of notional`;
    case 'per-order':
      return `${fees.fixed} per order plus ${percent(fees.rate)} of notional`;
    case 'tiered': {
      const [first] = fees.tiers;
      const last = fees.tiers[fees.tiers.length - 1];
      const coin = fees.coin === null ? '' : `, paid in ${fees.coin.asset} with ${percent(fees.coin.discount)} off`;
      return `${fees.tiers.length} tiers by 30-day volume, from maker ${percent(first?.maker ?? NaN)}, taker ${percent(first?.taker ?? NaN)} to maker ${percent(last?.maker ?? NaN)}, taker ${percent(last?.taker ?? NaN)}, with ${fees.volume} traded before the run${coin}`;
    }
  }
};

const slippageText = (slippage: RunConfig['slippage'], fills: RunConfig['fills']): string => {
  const walked = fills.kind === 'book' ? 'takers walk the displayed book; beyond it and in liquidations: ' : '';
  switch (slippage.kind) {
    case 'none':
      return `${walked}none${fills.kind === 'bars' ? ': takers fill at the path price, which flatters them' : ''}`;
    case 'fixed-bps':
      return `${walked}${slippage.bps} bp of price per taker fill, whatever its size`;
    case 'half-spread':
      return `${walked}half of a constant ${slippage.spreadBps} bp spread`;
    case 'sqrt-impact':
      return `${walked}half of a ${slippage.spreadBps} bp spread plus ${slippage.coefficient} × bar volatility × √(order ÷ bar volume)`;
    case 'volatility':
      return `${walked}half of a ${slippage.spreadBps} bp spread plus ${slippage.multiple} × bar volatility`;
    case 'almgren-chriss':
      return `${walked}half of a ${slippage.spreadBps} bp spread plus ${slippage.temporary} × bar volatility × (order ÷ bar volume)^${slippage.exponent} for the moment and half of ${slippage.permanent} × bar volatility × order ÷ bar volume for good`;
    case 'fitted':
      return `${walked}fitted to observed fills (model ${slippage.version}): half of a ${slippage.spreadBps} bp spread plus ${slippage.coefficient} × bar volatility × (order ÷ bar volume)^${slippage.exponent}`;
  }
};

const latencyText = (latency: RunConfig['latency']): string => {
  switch (latency.kind) {
    case 'constant':
      return `orders ${latency.order} ms, cancels ${latency.cancel} ms, reports ${latency.report} ms${latency.feed === undefined ? '' : `, market data ${latency.feed} ms`}`;
    case 'log-normal':
      return `log-normal with σ ${latency.sigma} about medians of ${latency.order} ms for orders, ${latency.cancel} ms for cancels, ${latency.report} ms for reports, ${latency.feed} ms for market data`;
    case 'recorded':
      return `interpolated between ${latency.ts.length} recorded ones (${latency.version}); a cancel travels as an order does`;
  }
};

const sizingText = (sizing: PlanConfig['sizing']): string => {
  switch (sizing.kind) {
    case 'fractional-kelly':
      return `${sizing.fraction} of Kelly’s size (${sizing.law})`;
    case 'volatility-target':
      return `a volatility of ${percent(sizing.perYear)} of equity a year`;
    case 'fixed-fraction':
      return `a loss of ${percent(sizing.risk)} of equity at the stop`;
  }
};

/** The rules by which signals became trades, for runs that had any. */
export const planAssumption = (plan: PlanConfig): Assumption => ({
  topic: 'Trade plans',
  text:
    `stop-loss ${plan.stopMultiple} and take-profit ${plan.targetMultiple} standard deviations of the forecast away, sized for ${sizingText(plan.sizing)}, at most ${plan.maxExposure} × equity; ` +
    'worth is taken from a Brownian motion with the forecast’s mean, which has no gaps',
  source: same(plan, DEFAULT_PLAN) ? 'platform default' : 'chosen by the user',
});

/** Every assumption behind a run's numbers, in words, with where it comes from. */
export const assumptionsOf = (config: RunConfig, instruments: readonly Instrument[], inputs: readonly InputRange[]): Assumption[] => {
  const exchange = instruments[0]?.exchange ?? '';
  let preset: ReturnType<typeof venuePreset> | null = null;
  try {
    preset = venuePreset(exchange);
  } catch {
    // An exchange without a preset: everything was stated by the user.
  }
  const from = (value: unknown, standard: unknown, source: string): string =>
    preset !== null && same(value, standard) ? source : 'chosen by the user';
  const { fees, slippage, latency, fills } = config;
  const list: Assumption[] = [
    { topic: 'Fees', text: feesText(fees), source: from(fees, preset?.fees, preset?.source ?? '') },
    { topic: 'Slippage', text: slippageText(slippage, fills), source: from(slippage, preset?.slippage, DEFAULT_SOURCES.slippage) },
    { topic: 'Latency', text: latencyText(latency), source: from(latency, preset?.latency, DEFAULT_SOURCES.latency) },
    ...fillAssumptions(fills, preset?.fills.participation, from),
    {
      topic: 'Funding',
      text:
        config.funding.kind === 'none'
          ? 'left out on request: results of positions held over settlements are wrong by it'
          : inputs.some(i => i.kind === 'mark')
            ? `settled rates on the position at settlement, at the mark price${lateText(config.margin)}`
            : `settled rates on the position at settlement, at the last ${fills.kind === 'bars' ? 'close' : 'trade'}: no mark price is loaded${lateText(config.margin)}`,
      source: 'dataset',
    },
    {
      topic: 'Leverage',
      text: `gross exposure up to ${config.leverage} × equity; what an order would add beyond that does not fill`,
      source: from(config.leverage, preset?.leverage, 'platform default'),
    },
    {
      topic: 'Risk gate',
      text: riskLimitsText(config.risk),
      source: 'chosen by the user, or the platform default',
    },
    {
      topic: 'End of the data',
      text:
        config.atEnd === 'close'
          ? 'open positions are closed at the last price, as a taker'
          : 'open positions are marked at the last close and stay open',
      source:
        config.atEnd === 'mark' ? 'platform default' : 'convention of a walk-forward, whose windows are joined; else chosen by the user',
    },
    ...marginAssumptions(config, instruments, inputs),
    {
      topic: 'Sizing',
      text: 'exposure × equity at the decision, priced at the last close, whole lots toward zero',
      source: 'platform convention',
    },
  ];
  const spot = instruments.filter(i => i.kind === 'spot').map(i => i.symbol);
  if (spot.length > 0)
    list.push({
      topic: 'Spot',
      text: `${spot.join(', ')}: never sold short${config.leverage > 1 ? '; what is bought with borrowed money costs no interest, which flatters a leverage above 1' : ''}`,
      source: 'platform convention',
    });
  for (const { symbol, tickSize, lotSize, minNotional, source } of instruments)
    list.push({ topic: symbol, text: `tick ${tickSize}, lot ${lotSize}, minimum notional ${minNotional}`, source });
  const delayed = Object.entries(config.delays).filter(([, ms]) => ms > 0);
  if (delayed.length > 0)
    list.push({
      topic: 'Publication delay',
      text: delayed.map(([kind, ms]) => `${kind} ${ms} ms`).join(', '),
      source: 'chosen by the user',
    });
  return list;
};
