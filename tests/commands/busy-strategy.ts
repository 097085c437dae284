/** A strategy file, as a user writes one, that uses every kind of order, cancels, plots and leaves notes: what a journal can hold. Seeded by the run. */
export const BUSY = `
import { cancel, defineStrategy, int, order, sma, target } from 'quantai-trad';

export default defineStrategy({
  name: 'busy',
  params: { length: int(2, 20, { default: 5 }) },
  indicators: p => ({ mean: sma(p.length) }),
  memory: () => ({ orders: 0 }),
  decide: (bar, { mean }, { memory, random, equity, plot, note }) => {
    plot('mean', mean);
    const { symbol, close } = bar;
    const dice = random();
    const quantity = (0.5 * equity * random()) / close;
    if (dice < 0.1) return target(symbol, close > mean ? 1 : -1, { reason: 'side of the "mean", or not' });
    if (dice < 0.15) return target(symbol, 0, { reason: 'out' });
    const side = random() < 0.5 ? 'buy' : 'sell';
    const away = side === 'buy' ? 1 - 0.01 * random() : 1 + 0.01 * random();
    const id = 'n' + ++memory.orders;
    if (dice < 0.3) return order({ symbol, side, quantity, limit: close * away, id, postOnly: random() < 0.3, reason: 'rest' });
    if (dice < 0.35) return order({ symbol, side, quantity, stop: close * (2 - away), id, reason: 'breakout' });
    if (dice < 0.4) return order({ symbol, side, quantity, limit: close * away, tif: 'ioc', reason: 'cross' });
    if (dice < 0.45) return order({ symbol, side, quantity, limit: close * 3, id, reason: 'far off the collar' });
    if (dice < 0.6) return cancel('n' + (memory.orders - 1 - Math.floor(random() * 3)));
    if (dice < 0.62) note('a note at ' + close);
    return undefined;
  },
});
`;
