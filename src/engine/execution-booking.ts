import type { Algorithm, WorkTerms } from '../execution/algorithms/algorithm.js';
import { bracket } from '../execution/algorithms/bracket.js';
import { iceberg } from '../execution/algorithms/iceberg.js';
import { oco } from '../execution/algorithms/oco.js';
import { pov } from '../execution/algorithms/pov.js';
import { twap } from '../execution/algorithms/twap.js';
import type { VolumeProfile } from '../execution/algorithms/volume-profile.js';
import { vwap } from '../execution/algorithms/vwap.js';
import type { Denial } from '../risk/risk-check.js';
import type { BracketIntent, ExecuteIntent, ExecutionIntent, OcoIntent } from '../strategies/execution-intent.js';
import { order } from '../strategies/intent.js';
import { impossible, ticketOf, type OrderView } from './order-booking.js';

/** What an execution is judged by and made from. */
export interface ExecutionView extends OrderView {
  /** Volume by hour of the day, of the symbol. */
  readonly profile: VolumeProfile;
  /** For what is drawn. */
  readonly seed: string;
}

const bad = (text: string): Denial => ({ code: 'bad-order', text });
const isPositive = (x: number): boolean => x > 0 && x < Infinity;
/** More slices than this are no execution but a flood of orders. */
const MOST_SLICES = 10_000;

const bracketOf = (intent: BracketIntent, view: ExecutionView): Algorithm | Denial => {
  const { symbol, side, quantity, limit, trigger, stop, target, positionSide } = intent;
  const { units: u, last } = view;
  const leg = positionSide === undefined ? {} : { positionSide };
  const other = side === 'buy' ? 'sell' : 'buy';
  const entry = order({
    ...leg,
    symbol,
    side,
    quantity,
    ...(limit !== null && { limit }),
    ...(trigger !== null && { stop: trigger }),
  });
  const exits = [
    order({ ...leg, symbol, side: other, quantity, stop, reduceOnly: true }),
    order({ ...leg, symbol, side: other, quantity, limit: target, reduceOnly: true }),
  ];
  for (const each of [entry, ...exits]) {
    const wrong = impossible(each, view);
    if (wrong) return wrong;
  }
  const price = limit ?? trigger ?? last;
  const [below, above] = side === 'buy' ? [stop, target] : [target, stop];
  if (below >= price || above <= price || below >= above)
    return bad(`a ${side} at ${price} is bracketed by a stop at ${stop} and a target at ${target}: one lies on the wrong side`);
  const tickets = [entry, ...exits].map(each => ticketOf(each, '', u));
  return bracket({
    side,
    lots: u.lots(quantity),
    limit: tickets[0]?.limit ?? null,
    trigger: tickets[0]?.stop ?? null,
    stop: tickets[1]?.stop ?? 0,
    target: tickets[2]?.limit ?? 0,
    positionSide: positionSide ?? null,
  });
};

const ocoOf = ({ orders }: OcoIntent, view: ExecutionView): Algorithm | Denial => {
  const [a, b] = orders;
  for (const each of orders) {
    const wrong = impossible(each, view);
    if (wrong) return wrong;
    if (each.type === 'market') return bad('a market order fills at once: there is no other order for it to cancel');
  }
  if (a.symbol !== b.symbol) return bad(`one cancels the other in one symbol, and not in ${a.symbol} and ${b.symbol}`);
  const [first, second] = [ticketOf(a, '', view.units), ticketOf(b, '', view.units)];
  if (first.lots !== second.lots) return bad(`one cancels the other of the same quantity, and not ${a.quantity} and ${b.quantity}`);
  return oco([first, second]);
};

const workOf = (intent: ExecuteIntent, view: ExecutionView): Algorithm | Denial => {
  const { symbol, side, quantity, limit, reduceOnly, positionSide } = intent;
  const { units: u, now } = view;
  const postOnly = intent.algorithm === 'iceberg' && intent.postOnly;
  const child = order({
    symbol,
    side,
    quantity,
    reduceOnly,
    postOnly,
    ...(limit !== null && { limit }),
    ...(positionSide !== undefined && { positionSide }),
  });
  const wrong = impossible(child, view);
  if (wrong) return wrong;
  const ticket = ticketOf(child, '', u);
  const terms: WorkTerms = {
    side,
    lots: ticket.lots,
    limit: ticket.limit,
    postOnly,
    reduceOnly: ticket.reduceOnly,
    positionSide: positionSide ?? null,
  };
  switch (intent.algorithm) {
    case 'iceberg': {
      const { display } = intent;
      if (!isPositive(display) || u.lots(display) === 0)
        return bad(`an iceberg that shows ${display} shows less than one lot of ${u.lotSize}`);
      return display > quantity ? bad(`an iceberg of ${quantity} cannot show ${display}`) : iceberg({ ...terms, display: u.lots(display) });
    }
    case 'twap': {
      const { duration, slices, jitter, rest } = intent;
      if (!(jitter >= 0 && jitter <= 1)) return bad(`a jitter of ${jitter} is no share of an interval: it is from 0 to 1`);
      return wrongSlices(intent) ?? twap({ ...terms, duration, slices, jitter, seed: view.seed, rest });
    }
    case 'vwap': {
      const { duration, slices, profile, rest } = intent;
      if (profile !== null && profile.length !== slices) return bad(`a profile of ${profile.length} weights is none for ${slices} slices`);
      if (profile !== null && !(profile.every(weight => weight >= 0 && weight < Infinity) && profile.some(weight => weight > 0)))
        return bad('the weights of a profile are not negative, and not all 0');
      return wrongSlices(intent) ?? vwap({ ...terms, duration, weights: profile ?? view.profile.weights(now, duration, slices), rest });
    }
    case 'pov': {
      const { share, min, max, duration, rest } = intent;
      if (!(share > 0 && share <= 1)) return bad(`a participation of ${share} is no share of volume: it is above 0 and not above 1`);
      if (!(min >= 0 && min < Infinity) || (max !== null && !(isPositive(max) && max >= min && u.lots(max) > 0)))
        return bad(`slices from ${min} to ${max} are none`);
      if (duration !== null && !isPositive(duration)) return bad(`a duration of ${duration} ms is none`);
      return pov({ ...terms, share, min: u.lots(min), max: max === null ? null : u.lots(max), duration, rest });
    }
  }
};

const wrongSlices = ({ duration, slices }: { readonly duration: number; readonly slices: number }): Denial | null => {
  if (!isPositive(duration)) return bad(`a duration of ${duration} ms is none`);
  return Number.isInteger(slices) && slices >= 1 && slices <= MOST_SLICES
    ? null
    : bad(`${slices} slices are none: it is a whole number from 1 to ${MOST_SLICES}`);
};

/** The algorithm that works the intent, in booking units; or why it cannot be. */
export const algorithmOf = (intent: ExecutionIntent, view: ExecutionView): Algorithm | Denial =>
  intent.intent === 'bracket' ? bracketOf(intent, view) : intent.intent === 'oco' ? ocoOf(intent, view) : workOf(intent, view);
