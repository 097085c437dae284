import type { AmendRequested, Amendment, OrderApproved, Ticket } from '../events/order.js';
import type { Approved } from '../execution/broker.js';
import type { Instrument } from '../market/instrument.js';
import { concentration } from './concentration.js';
import { exposure } from './exposure.js';
import { grossNotional } from './gross-notional.js';
import { leverage } from './leverage.js';
import { LIMIT_DEFAULTS, type RiskLimits } from './limits.js';
import { netExposure } from './net-exposure.js';
import { openOrders } from './open-orders.js';
import { orderNotional } from './order-notional.js';
import { positionNotional } from './position-notional.js';
import { priceCollar } from './price-collar.js';
import type { Denial, RiskCheck, RiskView } from './risk-check.js';
import type { RiskState } from './state.js';
import { reduces } from './risk-check.js';
import { spotShort } from './spot-short.js';

export type { RiskLimits } from './limits.js';

/** The rules that judge a ticket by the account alone, under these limits; spot is never sold short, whatever the limits. */
export const checksOf = (limits: RiskLimits, instruments: readonly Instrument[]): RiskCheck[] => {
  const checks: RiskCheck[] = [];
  const spot = instruments.filter(i => i.kind === 'spot').map(i => i.symbol);
  if (spot.length > 0) checks.push(spotShort(spot));
  if (limits.maxOrderNotional !== null) checks.push(orderNotional(limits.maxOrderNotional));
  if (limits.maxLeverage !== null) checks.push(leverage(limits.maxLeverage));
  if (limits.maxExposure !== null) checks.push(exposure(limits.maxExposure));
  if (limits.priceCollar !== null) checks.push(priceCollar(limits.priceCollar));
  const { maxPosition = null, maxGross = null, maxNet = null, maxConcentration = null, maxOpenOrders = null } = limits;
  if (maxPosition !== null) checks.push(positionNotional(maxPosition));
  if (maxGross !== null) checks.push(grossNotional(maxGross));
  if (maxNet !== null) checks.push(netExposure(maxNet));
  if (maxConcentration !== null) checks.push(concentration(maxConcentration, limits.concentrationFrom ?? LIMIT_DEFAULTS.concentrationFrom));
  if (maxOpenOrders !== null) checks.push(openOrders(maxOpenOrders));
  return checks;
};

const refusal = (ticket: Ticket, view: RiskView, checks: readonly RiskCheck[], state: RiskState): Denial | null => {
  if (state === 'REDUCING' && !reduces(ticket, view)) return { code: 'reducing', text: 'the account is REDUCING: only reductions pass' };
  // What might open a position would stand in the way of the orders that close everything.
  if (state === 'HALTED' && !(ticket.reduceOnly && reduces(ticket, view)))
    return { code: 'halted', text: 'the account is HALTED: only reduce-only orders pass' };
  if (!(view.equity > 0) && !reduces(ticket, view)) return { code: 'no-equity', text: `equity is ${view.equity}` };
  for (const check of checks) {
    const denial = check(ticket, view);
    if (denial) return denial;
  }
  return null;
};

/**
 * The gate: the ticket, marked as approved, or the first denial. Only this file makes approved values. `judged` is the ticket as the view names its position; in hedge mode a symbol has two, and the checks
 * know one a name.
 */
export const approve = (
  ticket: Ticket,
  view: RiskView,
  checks: readonly RiskCheck[],
  state: RiskState,
  judged = ticket,
): Approved<Ticket> | Denial => refusal(judged, view, checks, state) ?? (ticket as Approved<Ticket>);

/**
 * The gate for a change of an order at work: `after` is what the order could still do with it, as a ticket, and the view is one without the order itself. What only makes the order smaller passes
 * (`after` null).
 */
export const approveAmendment = (
  amendment: Amendment,
  after: Ticket | null,
  view: RiskView,
  checks: readonly RiskCheck[],
  state: RiskState,
): Approved<Amendment> | Denial => (after && refusal(after, view, checks, state)) ?? (amendment as Approved<Amendment>);

/**
 * For orders by which the broker itself protects or closes a position (catastrophe stop, emergency exit, flatten): whatever the state and the limits, a reduce-only ticket passes, close-position ones
 * included, for the venue lets it do nothing but reduce; so does one that the view shows to reduce. Anything else is denied.
 */
export const approveProtective = (ticket: Ticket, view: RiskView, judged = ticket): Approved<Ticket> | Denial =>
  ticket.reduceOnly || reduces(judged, view)
    ? (ticket as Approved<Ticket>)
    : { code: 'not-protective', text: `${ticket.side} ${ticket.lots} lots of ${ticket.symbol} could open a position` };

/** Whether the gate's answer is a denial. */
export const isDenial = (answer: Approved<Ticket> | Approved<Amendment> | Denial): answer is Denial => 'code' in answer;

/** A ticket that the gate let pass before a restart, as the fact says. */
export const approvedBefore = (fact: OrderApproved): Approved<Ticket> => fact.ticket as Approved<Ticket>;

/** An amendment that had been asked for before a restart and has no answer: one that the gate refuses is answered in the same turn. */
export const amendedBefore = ({ orderId, lots, limit, stop }: AmendRequested): Approved<Amendment> =>
  ({ orderId, lots, limit, stop }) as Approved<Amendment>;
