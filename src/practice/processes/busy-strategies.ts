/** Strategy files, as a user writes them, that keep an account busy: every bar brings orders, changes and cancels. */
export const QUOTER = `
import { amend, cancel, defineStrategy, order, type Intent } from 'quantai-trad';

interface Working {
  readonly id: string;
  readonly side: 'buy' | 'sell';
}

export default defineStrategy({
  name: 'quoter',
  params: {},
  memory: () => ({ working: [] as Working[], stops: new Map<string, string>(), count: 0 }),
  decide: (bar, _, { memory, random, quantityFor, position }) => {
    const intents: Intent[] = [];
    const { symbol, close } = bar;
    const own = memory.working.find(({ id }) => id.endsWith(symbol.slice(0, 3)));
    const dice = random();
    if (own !== undefined && dice < 0.35) {
      intents.push(cancel(own.id, { reason: 'chance' }));
      memory.working = memory.working.filter(each => each !== own);
    } else if (own !== undefined && dice < 0.6)
      intents.push(amend(own.id, { limit: close * (own.side === 'buy' ? 0.9997 : 1.0003), reason: 'follow' }));
    for (let n = 0; n < 2; n++) {
      if (random() < 0.4) continue;
      const id = Math.floor(random() * 1e9) + '-' + ++memory.count + symbol.slice(0, 3);
      const side = random() < 0.5 ? 'buy' : 'sell';
      const price = close * (side === 'buy' ? 0.9997 : 1.0003);
      const quantity = Math.abs(quantityFor(symbol, 0.02 + 0.05 * random()));
      intents.push(order({ symbol, side, quantity, limit: price, id, postOnly: random() < 0.3, reason: 'quote' }));
      memory.working.push({ id, side });
    }
    if (memory.working.length > 8) intents.push(cancel(memory.working.shift()!.id, { reason: 'too many' }));
    const held = position(symbol).quantity;
    const stop = memory.stops.get(symbol);
    if (held !== 0 && stop === undefined && random() < 0.5) {
      const id = 's' + Math.floor(random() * 1e9) + '-' + ++memory.count;
      memory.stops.set(symbol, id);
      const side = held > 0 ? 'sell' : 'buy';
      intents.push(order({ symbol, side, quantity: Math.abs(held), stop: close * (held > 0 ? 0.997 : 1.003), reduceOnly: true, id, reason: 'stop' }));
    } else if (stop !== undefined && (held === 0 || random() < 0.2)) {
      memory.stops.delete(symbol);
      intents.push(cancel(stop, { reason: 'done' }));
    }
    return intents;
  },
});
`;

export const TURNER = `
import { defineStrategy, target } from 'quantai-trad';

export default defineStrategy({
  name: 'turner',
  params: {},
  decide: (bar, _, { random }) =>
    random() < 0.5 ? target(bar.symbol, [-0.3, -0.15, 0, 0.15, 0.3][Math.floor(random() * 5)] ?? 0, { reason: 'chance' }) : undefined,
});
`;
