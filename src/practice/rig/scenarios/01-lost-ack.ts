import type { Scenario } from '../scenario.js';

export const lostAck: Scenario = {
  number: 1,
  name: 'lost-ack',
  inject: 'orders accepted whose answers never come, requests that never arrive, 503 and -1007 for orders done later or never',
  expect: 'UNKNOWN, resolved by our client id both ways; one order; each fill booked once',
  play: ({ between }) => between(15, 220, { loseAnswer: 0.25, loseRequest: 0.15, vagueAnswer: 0.25 }),
  sometimes: ['lost-answer:submit', 'request:lost', 'answer:lost', 'answer:vague'],
  check: ({ facts }) => {
    const unknown = new Set(facts.flatMap(fact => (fact.type === 'OrderUnknown' ? [fact.orderId] : [])));
    const resolved = (type: string): boolean => facts.some(fact => fact.type === type && 'orderId' in fact && unknown.has(fact.orderId));
    return [
      ...(unknown.size > 0 ? [] : ['no order was ever UNKNOWN']),
      ...(resolved('OrderAccepted') || resolved('OrderFilled') ? [] : ['no UNKNOWN order turned out to exist']),
      ...(resolved('OrderRejected') ? [] : ['no UNKNOWN order turned out not to exist']),
    ];
  },
};
