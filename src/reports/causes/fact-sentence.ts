import type { Fact } from '../../events/fact.js';
import type { OrderRequested, Ticket } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import { toMoney, type Lots, type Ticks, type Units } from '../../market/units.js';
import { percent } from '../number-text.js';

/** The booking units of a symbol; undefined for one that nobody knows any more. */
export type UnitsOf = (symbol: Symbol) => Units | undefined;

/** What a fact is on the way from a bar to a fill, and what it says, in one sentence. */
interface FactSentence {
  readonly stage: string;
  readonly text: string;
}

const short = (value: number): string => String(Number(value.toPrecision(9)));
const because = (reason: string): string => (reason === '' ? '' : ` (“${reason}”)`);
const joined = (parts: readonly string[]): string => parts.filter(part => part !== '').join(', ');

const price = (u: Units | undefined, ticks: Ticks): string => (u ? short(u.price(ticks)) : `${ticks} ticks`);
const quantity = (u: Units | undefined, lots: Lots): string => (u ? short(u.quantity(lots)) : `${lots} lots`);

/** `buy 0.5, limit 101.2, gtc, reduce-only`: a ticket as a trader writes it. */
const ticketSentence = (t: Ticket, u: Units | undefined): string =>
  joined([
    `${t.side} ${t.closePosition ? 'all that is held' : quantity(u, t.lots)} ${t.symbol}`,
    t.type === 'limit' ? '' : t.type,
    t.limit === null ? '' : `limit ${price(u, t.limit)}`,
    t.stop === null ? '' : `trigger ${price(u, t.stop)}${t.triggerBy === undefined ? '' : ' by mark'}`,
    t.tif,
    t.postOnly ? 'post-only' : '',
    t.reduceOnly ? 'reduce-only' : '',
    t.positionSide === undefined ? '' : `${t.positionSide} leg`,
  ]);

const request = (f: OrderRequested): string =>
  joined([
    `${f.side} ${f.closePosition ? 'all that is held' : short(f.quantity)} ${f.symbol}`,
    f.orderType === 'limit' ? '' : f.orderType,
    f.limit === null ? '' : `limit ${short(f.limit)}`,
    f.stop === null ? '' : `trigger ${short(f.stop)}`,
    f.tif,
    f.postOnly ? 'post-only' : '',
    f.reduceOnly ? 'reduce-only' : '',
    f.name === null ? '' : `named ${f.name}`,
  ]);

const sentence = (f: Fact, unitsOf: UnitsOf): readonly [stage: string, text: string] => {
  switch (f.type) {
    case 'TargetSet':
      return ['target', `A target of ${short(f.exposure)} × equity in ${f.symbol}${because(f.reason)}.`];
    case 'OrderRequested':
      return ['request', `An order was asked for: ${request(f)}${because(f.reason)}.`];
    case 'ExecutionRequested':
      return ['execution', `A ${f.execution} was asked for: ${f.side} ${short(f.quantity)} ${f.symbol}${because(f.reason)}.`];
    case 'SignalGiven':
      return f.direction === 'flat'
        ? ['signal', `A signal to hold nothing of ${f.symbol}${because(f.reason)}.`]
        : [
            'signal',
            `A ${f.direction} signal in ${f.symbol}: confidence ${percent(f.confidence)}, ${percent(f.mean, 2)} ± ${percent(f.sd, 2)} expected over ${f.horizon} bars, risk score ${short(f.riskScore)}${because(f.reason)}.`,
          ];
    case 'TradePlanned':
      return [
        'plan',
        `${f.plan}: ${f.side} ${short(f.quantity)} ${f.symbol} at ${short(f.entry)}, stop-loss ${short(f.stopLoss)}, take-profit ${short(f.takeProfit)}, reward to risk ${short(Number(f.rewardToRisk.toFixed(2)))}, ${short(Number(f.expectedValue.toFixed(2)))} expected after costs.`,
      ];
    case 'PlanClosed':
      return ['plan', `${f.plan} is over: ${f.code}.`];
    case 'ExecutionClosed':
      return ['execution', `The execution is over: ${f.code}.`];
    case 'OrderApproved':
      return [
        'gate',
        `${f.strategy === '' && f.account !== '' ? 'The broker’s own order' : `Order ${f.ticket.orderId}`} passed the risk gate: ${ticketSentence(f.ticket, unitsOf(f.ticket.symbol))}.`,
      ];
    case 'IntentDenied':
      return ['gate', `Refused (${f.code}): ${f.text}.`];
    case 'OrderSubmitted':
      return ['order', `Order ${f.orderId} left for the venue.`];
    case 'OrderAccepted':
      return ['order', `The venue has order ${f.orderId}.`];
    case 'OrderTriggered':
      return ['order', `The trigger of order ${f.orderId} was reached at ${price(unitsOf(f.symbol), Math.round(f.price))}.`];
    case 'OrderRejected':
      return ['order', `The venue refused order ${f.orderId}: ${f.code}.`];
    case 'OrderCancelled':
      return ['order', `Order ${f.orderId} is gone: ${f.code}.`];
    case 'OrderExpired':
      return ['order', `Order ${f.orderId} is gone by its terms: ${f.code}.`];
    case 'CancelRequested':
      return ['order', `A cancel of order ${f.orderId} left for the venue${because(f.reason)}.`];
    case 'AmendRequested':
      return ['order', `An amendment of order ${f.orderId} was asked for${because(f.reason)}.`];
    case 'OrderFilled': {
      const u = unitsOf(f.symbol);
      return [
        'fill',
        `${f.side === 'buy' ? 'Bought' : 'Sold'} ${quantity(u, f.lots)} ${f.symbol} at ${price(u, f.price)} as ${f.liquidity} (order ${f.orderId}), fee ${short(toMoney(f.fee))}${f.realised === 0 ? '' : `, realised ${short(toMoney(f.realised))}`}.`,
      ];
    }
    case 'ExternalFilled': {
      const u = unitsOf(f.symbol);
      return [
        'fill',
        `${f.side === 'buy' ? 'Bought' : 'Sold'} ${quantity(u, f.lots)} ${f.symbol} at ${price(u, f.price)} by no order of a strategy here (${f.cause}), fee ${short(toMoney(f.fee))}.`,
      ];
    }
    case 'PositionAdopted': {
      const u = unitsOf(f.symbol);
      return ['fill', `The position in ${f.symbol} became ${quantity(u, f.after)} from ${quantity(u, f.before)}: ${f.text}.`];
    }
    case 'PositionLiquidated':
      return [
        'venue',
        `The venue liquidated ${f.symbol}: margin ${short(toMoney(f.margin))} no longer covered the maintenance margin ${short(toMoney(f.maintenance))} at the mark price ${short(f.markPrice)}.`,
      ];
    case 'AccountLiquidated':
      return [
        'venue',
        `The venue liquidated the account: equity ${short(toMoney(f.equity))} no longer covered the maintenance margin ${short(toMoney(f.maintenance))}.`,
      ];
    case 'FundingSettled':
      return ['funding', `Funding of ${short(toMoney(f.amount))} on ${f.symbol} at a rate of ${short(f.rate)}.`];
    case 'RiskStateChanged':
      return ['risk', `The account went ${f.state} (${f.code})${f.text === '' ? '' : `: ${f.text}`}.`];
    case 'OperatorCommanded':
      return ['command', `${f.by} said ${f.command}${because(f.reason)}.`];
    case 'NoteWritten':
      return ['note', `${f.text}.`];
    case 'SizeScaled':
      return ['models', `New entries are sized by ${short(f.factor)} (${f.code}): ${f.text}.`];
    case 'WeightsChanged':
      return [
        'models',
        `Weights: ${Object.entries(f.weights)
          .map(([model, weight]) => `${model} ${short(Number(weight.toFixed(4)))}`)
          .join(', ')}.`,
      ];
    case 'ModelActivated':
      return ['models', `${f.model} came into force, checkpoint ${f.checkpoint.slice(0, 12)}, trained on ${f.rows} rows.`];
    default:
      return ['fact', `${f.type}.`];
  }
};

/** A fact of a journal for a reader: prices in quote currency, quantities in base units, money in the settlement asset. */
export const factSentence = (fact: Fact, unitsOf: UnitsOf): FactSentence => {
  const [stage, text] = sentence(fact, unitsOf);
  // A reason may end with a full stop of its own.
  return { stage, text: text.replace(/\.\.$/, '.') };
};
