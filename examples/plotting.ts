import { bollinger, defineStrategy, float, int, target } from 'quantai-trad';

/**
 * One idea: show in the report what the strategy saw. Every `plot` name becomes a chart with one line per symbol; a `note` is kept with its time in the
 * report and in the run's facts. Neither counts for the fingerprint, so plots may come and go without making it another run.
 *
 *     quantai backtest examples/plotting.ts --dataset sample
 */
export default defineStrategy({
  name: 'plotting',
  description: 'Fades moves beyond a Bollinger band and draws how far beyond they were.',
  params: { length: int(20, 200, { default: 72, step: 4 }), width: float(1, 4, { default: 2, step: 0.25 }) },
  indicators: p => ({ band: bollinger(p.length, p.width) }),
  decide: (bar, { band }, { params, position, universe, plot, note }) => {
    // Where the close lies in the band: 0 at the lower edge, 1 at the upper one; NaN until the band is warmed up.
    const place = band.percentB;
    if (!Number.isFinite(place)) return undefined;
    plot('place in the band', place);
    const share = 1 / universe.length;
    if (place < -0.25) note(`${bar.symbol} closed far below a band of width ${params.width}`);
    if (place < 0) return target(bar.symbol, share, { reason: 'below the band' });
    if (place > 1) return target(bar.symbol, -share, { reason: 'above the band' });
    const held = position(bar.symbol).quantity;
    const isBack = held > 0 ? place >= 0.5 : place <= 0.5;
    return held !== 0 && isBack ? target(bar.symbol, 0, { reason: 'back in the middle' }) : undefined;
  },
});
