import type { RunCapacity } from '../../experiments/friction/run-capacity.js';
import { decimal, money, percent, roundMoney } from '../number-text.js';
import type { Section } from '../document.js';

/** An amount, or that there is no end to it. */
export const capitalText = (value: number): string => (value === Infinity ? 'without end' : roundMoney(value));

/** Capital at which impact eats half the edge. */
export const capacitySection = (
  { impact, result, edge, edgeError, impactNow, level, reason }: RunCapacity,
  capital: number,
  unit: string,
): Section => {
  const { coefficient, exponent, permanent = 0 } = impact.law;
  const law = `${decimal(coefficient, 3)} × σ × (order ÷ volume)^${decimal(exponent, 2)}${permanent > 0 ? ` + ½ × ${decimal(permanent, 3)} × σ × order ÷ volume` : ''}`;
  return {
    id: 'capacity',
    title: 'Capacity',
    lead: 'Capital at which impact eats half of what the strategy makes before impact, if every order grows with capital and the market stays as it was.',
    blocks: [
      {
        kind: 'list',
        items: [
          ...(result === null
            ? [{ term: 'Capacity', text: `Not defined: ${reason ?? 'unknown'}.` }]
            : [
                { term: 'Capacity', text: `${capitalText(result.capital)} ${unit}` },
                { term: `${percent(level, 0)} interval`, text: `${capitalText(result.low)} to ${capitalText(result.high)} ${unit}` },
                {
                  term: 'Eaten at the capital of the run',
                  text: `${percent(result.eatenNow)} of the edge, at ${roundMoney(capital)} ${unit}`,
                },
                {
                  term: 'Median order there',
                  text: `${percent(result.medianShare)} of its bar’s volume${result.medianShare > 0.2 ? ': so much of a bar was hardly ever observed, and the run’s own bound on participation is not applied here' : ''}`,
                },
                { term: 'Fills of known volume', text: `${percent(result.known, 0)} of the notional; the rest counts like the average` },
              ]),
          {
            term: 'Edge before impact',
            text: `${money(edge)} ${unit} over the run${Number.isFinite(edgeError) ? `, standard error ${money(edgeError)}` : ''}`,
          },
          {
            term: impact.charged ? 'Impact paid' : 'Impact that was not charged',
            text: `${money(impactNow)} ${unit}`,
          },
          { term: 'Impact law', text: `Share of notional: ${law}, with σ the bar’s volatility from its range` },
          { term: 'Where the law is from', text: `${impact.source.charAt(0).toUpperCase()}${impact.source.slice(1)}.` },
        ],
      },
    ],
  };
};
