import { holdingTrader, ladderTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const killSwitch: Scenario = {
  number: 20,
  name: 'kill-switch',
  inject: 'HALT is pressed with orders at work while every answer takes seconds',
  expect: 'everything is cancelled, nothing that opens exposure leaves after the press, positions are closed when asked',
  options: { activeMs: 200_000 },
  play: ({ at, between, world, host }) => {
    between(90, 180, { latencyMs: 900, latencySigma: 0.3 });
    at(100, () => {
      world.tally.count('halt:pressed');
      void host.session?.halt({ all: false, flatten: true });
    });
  },
  sometimes: ['halt:pressed'],
  check: ({ facts, world }) => {
    const pressed = facts.findIndex(fact => fact.type === 'OperatorCommanded' && fact.command === 'halt');
    if (pressed < 0) return ['no halt in the journal'];
    const tickets = new Map(facts.flatMap(fact => (fact.type === 'OrderApproved' ? [[fact.ticket.orderId, fact.ticket] as const] : [])));
    const late = facts
      .slice(pressed)
      .flatMap(fact => (fact.type === 'OrderAccepted' || fact.type === 'OrderFilled' ? [tickets.get(fact.orderId)] : []))
      .filter(ticket => ticket !== undefined && !ticket.reduceOnly && !wasSubmittedBefore(facts.slice(0, pressed), ticket.orderId));
    return [
      ...late.map(ticket => `${ticket?.orderId} was sent after the press`),
      ...world.exchange.openOrders(world.account, null, false).map(order => `${order.clientId} still rests at the exchange`),
      ...world.exchange
        .positions(world.account)
        .filter(each => each.quantity !== 0)
        .map(each => `${each.quantity} ${each.symbol} still held`),
    ];
  },
};

const wasSubmittedBefore = (facts: readonly { readonly type: string }[], orderId: string): boolean =>
  facts.some(fact => fact.type === 'OrderSubmitted' && 'orderId' in fact && fact.orderId === orderId);

export const deadMan: Scenario = {
  number: 20,
  name: 'dead-man',
  inject: 'the process dies for good with orders at work',
  expect: 'the venue cancels the plain orders when its timer runs out; protective stops stay',
  options: { activeMs: 200_000, restartMs: null, convergeMs: 1_000, broker: { deadManMs: 20_000 } },
  play: ({ at, host, world }) => {
    at(100, () => {
      if (world.exchange.openOrders(world.account, null, false).length > 0) world.tally.count('dead-man:orders-left');
      if (world.exchange.openOrders(world.account, null, true).length > 0) world.tally.count('dead-man:stops-left');
      host.retire();
      host.crash();
    });
    at(126, () => world.tally.count('dead-man:left-late', world.exchange.openOrders(world.account, null, false).length));
  },
  sometimes: ['process:crash', 'dead-man:orders-left', 'dead-man:stops-left'],
  check: ({ world }) => (world.tally.of('dead-man:left-late') > 0 ? ['plain orders rest 26 s after the death of the process'] : []),
  waived: {
    o1: 'nobody is left to book',
    o3: 'nobody is left to book',
    o7: 'nobody is left to converge',
  },
};

export const fiftyOrders: Scenario = {
  number: 20,
  name: 'fifty-orders',
  inject: 'HALT is pressed with fifty orders at work and more on their way, while every answer takes two seconds',
  expect: 'all are taken back, and no order leaves its process after the press',
  options: {
    activeMs: 150_000,
    protectionMs: 60_000,
    syncMs: 400,
    strategies: [{ strategy: ladderTrader('ladder', 50, 0.02, [10, 40]), tag: 'a', budget: 20_000 }],
  },
  play: ({ at, between, world, host }) => {
    between(75, 140, { latencyMs: 900, latencySigma: 0.01 });
    // The intents of the second fifty are being written: nothing of them has left.
    at(83.1, () => {
      world.tally.count('halt:orders-at-work', world.exchange.openOrders(world.account, null, false).length);
      void host.session?.halt({ all: false, flatten: true });
    });
  },
  sometimes: ['halt:orders-at-work'],
  check: ({ facts, world }) => {
    const pressed = facts.find(fact => fact.type === 'OperatorCommanded' && fact.command === 'halt');
    if (pressed === undefined) return ['no halt in the journal'];
    const at = world.market.trueAt(pressed.knownAt);
    const orders = world.tally.of('halt:orders-at-work');
    const waiting = facts.slice(facts.indexOf(pressed)).some(fact => fact.type === 'OrderRejected' && fact.code === 'halted');
    return [
      ...(orders >= 50 ? [] : [`only ${orders} orders were at work`]),
      ...(waiting ? [] : ['no order was on its way']),
      ...world.receipts
        .filter(({ request, sentAt }) => sentAt > at && !request.reduceOnly && !request.closePosition)
        .map(({ request }) => `${request.clientId} left after the press`),
      ...world.exchange.openOrders(world.account, null, false).map(order => `${order.clientId} still rests at the exchange`),
    ];
  },
};

export const oppositeHolders: Scenario = {
  number: 20,
  name: 'opposite-holders',
  inject: 'HALT is pressed while one strategy holds what another one is short of in part, and then the second one wants out',
  expect: 'what reduces a strategy’s part and would open the account’s position does not leave; what reduces both does',
  options: {
    activeMs: 120_000,
    strategies: [
      { strategy: holdingTrader('holder', 0.8, 55), tag: 'a', budget: 20_000 },
      { strategy: holdingTrader('shorter', -0.3, 35), tag: 'b', budget: 20_000 },
    ],
  },
  play: ({ at, world, host }) => {
    const held = (): number => world.exchange.positions(world.account).reduce((sum, { quantity }) => sum + Math.abs(quantity), 0);
    at(50, () => {
      if (held() > 0) world.tally.count('halt:positions-held');
      // One order may take a position through zero in two parts: smaller than before it, and larger than between its parts.
      const most = held();
      void host.session?.halt({ all: false, flatten: false });
      for (let seconds = 1; seconds <= 65; seconds++)
        world.time.at(world.time.now + 1000 * seconds, () => {
          if (held() > most + 1e-9) world.tally.count('halt:exposure-grew');
        });
    });
  },
  sometimes: ['halt:positions-held'],
  check: ({ facts, world }) => {
    const pressed = facts.findIndex(fact => fact.type === 'OperatorCommanded' && fact.command === 'halt');
    const after = facts.slice(pressed);
    const reducing = new Set(facts.flatMap(fact => (fact.type === 'OrderApproved' && fact.ticket.reduceOnly ? [fact.ticket.orderId] : [])));
    const stopped = after.some(fact => fact.type === 'OrderRejected' && fact.code === 'halted' && reducing.has(fact.orderId));
    const passed = after.some(fact => fact.type === 'OrderFilled' && reducing.has(fact.orderId));
    return [
      ...(pressed >= 0 ? [] : ['no halt in the journal']),
      ...(stopped ? [] : ['no order that reduces one strategy and opens the account was asked for']),
      ...(passed ? [] : ['what reduces the account did not leave either']),
      ...(world.tally.of('halt:exposure-grew') === 0 ? [] : ['the account’s position grew after the press']),
    ];
  },
};
