import type { Assumption } from '../engine/run-result.js';
import { DEFAULT_PLAN, type PlanConfig, type RunConfig } from '../engine/run-config.js';
import type { InputRange } from '../events/feed.js';
import type { Instrument } from '../market/instrument.js';
import { DEFAULT_SOURCES, venuePreset } from './venue-preset.js';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const percent = (x: number): string => `${+(x * 100).toFixed(4)} %`;

const limitsText = ({ maxOrderNotional, maxLeverage, maxExposure, priceCollar, maxDrawdown }: RunConfig['risk']): string => {
  const limits = [
    maxOrderNotional === null ? '' : `no order above ${maxOrderNotional}`,
    maxLeverage === null ? '' : `gross exposure, orders at work included, up to ${maxLeverage} × equity`,
    maxExposure === null ? '' : `in one symbol up to ${maxExposure} × equity`,
    priceCollar === null ? '' : `no limit price more than ${percent(priceCollar)} through the market`,
    maxDrawdown === null
      ? ''
      : `a fall of ${percent(maxDrawdown)} from the peak of a run, or of one fold, closes everything and ends trading`,
  ].filter(text => text !== '');
  return limits.length === 0 ? 'none' : limits.join('; ');
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
    {
      topic: 'Fees',
      text:
        fees.kind === 'maker-taker'
          ? `maker ${percent(fees.maker)}, taker ${percent(fees.taker)} of notional`
          : `${fees.fixed} per order plus ${percent(fees.rate)} of notional`,
      source: from(fees, preset?.fees, preset?.source ?? ''),
    },
    {
      topic: 'Slippage',
      text:
        slippage.kind === 'none'
          ? 'none: takers fill at the path price, which flatters them'
          : slippage.kind === 'fixed-bps'
            ? `${slippage.bps} bp of price per taker fill, whatever its size`
            : slippage.kind === 'half-spread'
              ? `half of a constant ${slippage.spreadBps} bp spread`
              : `half of a ${slippage.spreadBps} bp spread plus ${slippage.coefficient} × bar volatility × √(order ÷ bar volume)`,
      source: from(slippage, preset?.slippage, DEFAULT_SOURCES.slippage),
    },
    {
      topic: 'Latency',
      text: `orders ${latency.order} ms, cancels ${latency.cancel} ms, reports ${latency.report} ms`,
      source: from(latency, preset?.latency, DEFAULT_SOURCES.latency),
    },
    {
      topic: 'Path inside a bar',
      text: `${fills.path}: which extreme came first is not in the data`,
      source: 'docs/matching-rules.md §1',
    },
    {
      topic: 'Limit orders',
      text:
        fills.limits === 'through'
          ? 'fill only when price trades one tick beyond them'
          : 'fill when price touches them, which assumes the front of the queue',
      source: 'docs/matching-rules.md §5',
    },
    {
      topic: 'Volume',
      text:
        fills.participation === null
          ? 'orders of any size fill at once'
          : `our orders fill at most ${percent(fills.participation)} of a bar's volume`,
      source: from(fills.participation, preset?.fills.participation, 'platform default'),
    },
    {
      topic: 'Funding',
      text:
        config.funding.kind === 'none'
          ? 'left out on request: results of positions held over settlements are wrong by it'
          : inputs.some(i => i.kind === 'mark')
            ? 'settled rates on the position at settlement, at the mark price'
            : 'settled rates on the position at settlement, at the last close: no mark price is loaded',
      source: 'dataset',
    },
    {
      topic: 'Leverage',
      text: `gross exposure up to ${config.leverage} × equity; what an order would add beyond that does not fill`,
      source: from(config.leverage, preset?.leverage, 'platform default'),
    },
    {
      topic: 'Risk gate',
      text: limitsText(config.risk),
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
    {
      topic: 'Liquidation',
      text: 'checked at bar closes against a flat maintenance rate; dips inside a bar are not seen',
      source: 'docs/matching-rules.md §9',
    },
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
