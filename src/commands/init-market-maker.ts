/** The strategy of `--template market-maker`. */
export const INIT_MARKET_MAKER = `import { bars, defineStrategy, float, order } from 'quantai-trad';

/** Quotes both sides around the last close for one bar, smaller on the side that would add to what it holds. */
export default defineStrategy({
  name: 'my-strategy',
  params: {
    // Distance of each quote from the close in basis points, and its notional as a share of equity.
    halfSpreadBps: float(5, 100, { default: 30, step: 5 }),
    share: float(0.01, 0.2, { default: 0.05, step: 0.01 }),
    // Most that is held on one side, as a share of equity.
    most: float(0.1, 1, { default: 0.3, step: 0.1, search: false }),
  },
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  decide: ({ symbol, openTime, ts, close }, _, { params, equity, position, universe }) => {
    const away = (params.halfSpreadBps / 1e4) * close;
    const full = (equity * params.most) / universe.length / close;
    const size = (equity * params.share) / universe.length / close;
    // From -1, short all it may be, to 1, long all it may be.
    const held = Math.max(-1, Math.min(1, position(symbol).quantity / full));
    const ticket = { symbol, goodTill: ts + (ts - openTime), postOnly: true };
    return [
      ...(held < 1 ? [order({ ...ticket, side: 'buy', quantity: size * Math.min(1, 1 - held), limit: close - away, reason: 'bid' })] : []),
      ...(held > -1 ? [order({ ...ticket, side: 'sell', quantity: size * Math.min(1, 1 + held), limit: close + away, reason: 'offer' })] : []),
    ];
  },
});
`;
