// A backtest that needs no engine. Each bar's `open` column holds the parameter `k` that is right for it; a configuration earns more per bar the nearer
// its own `k` is, plus noise from the `close` column. It trades once every `k` bars and pays 1 in 10,000 to close at the end of the window.
import { createHash } from 'node:crypto';

const HOUR = 3_600_000;
const COSTS = 1e-4;

const daily = returns =>
  Float64Array.from({ length: Math.floor(returns.length / 24) }, (_, d) => returns.slice(24 * d, 24 * d + 24).reduce((a, b) => a + b, 0));

export const handle = ({ window, capital, configurations, keep }, { chunks }) => {
  const { ts, columns, rows } = chunks[0];
  const [right, , , noise] = columns;
  return configurations.map(({ k }) => {
    if (k === 13) throw new Error('thirteen');
    const closes = [];
    const equity = [];
    const returns = [];
    let now = capital;
    for (let i = 0; i < rows; i++) {
      if (ts[i] < window.from || ts[i] >= window.to) continue;
      const earned = 0.001 - 0.0002 * Math.abs(k - right[i]) + noise[i];
      returns.push(earned);
      now *= 1 + earned;
      closes.push(ts[i] + HOUR);
      equity.push(now);
    }
    const closingCosts = now * COSTS;
    now -= closingCosts;
    if (equity.length > 0) equity[equity.length - 1] = now;
    const n = returns.length;
    const mean = returns.reduce((a, b) => a + b, 0) / n;
    const deviation = Math.sqrt(returns.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
    const trades = Math.floor(n / k);
    const first = window.from;
    const fill = (seq, side, ts) => ({
      seq,
      ts,
      symbol: 'X',
      orderId: `o${seq}`,
      side,
      price: 1,
      quantity: 1,
      fee: 0,
      slippage: 0,
      liquidity: 'taker',
      realised: 0,
      reason: '',
    });
    return {
      fingerprint: createHash('sha256')
        .update(JSON.stringify([k, window, equity]))
        .digest('hex'),
      metrics: { totalReturn: now / capital - 1, sharpe: (mean / deviation) * Math.sqrt(365), trades, sqn: null },
      sharpePerPeriod: mean / deviation,
      returns: keep === 'returns' ? daily(returns) : null,
      returnTs: keep === 'returns' ? Float64Array.from({ length: Math.floor(n / 24) }, (_, d) => closes[24 * d + 23]) : null,
      segment:
        keep === 'segment'
          ? {
              initialCapital: capital,
              finalEquity: now,
              bars: n,
              curve: {
                length: n,
                ts: Float64Array.from(closes),
                equity: Float64Array.from(equity),
                exposure: new Float64Array(n),
                gross: new Float64Array(n),
              },
              fills: [fill(0, 'buy', first), fill(1, 'sell', window.to)],
              roundTrips: [],
              funding: [{ ts: first, symbol: 'X', rate: 0, quantity: 1, markPrice: 1, amount: 0 }],
              refusals: { 'min-notional': 1 },
              halted: null,
              assumptions: [{ topic: 'fees', text: 'none', source: 'fake' }],
              plots: [{ name: 'k', symbol: 'X', ts: Float64Array.of(first), value: Float64Array.of(k) }],
              notes: [],
              forecasts: null,
              closingCosts,
            }
          : null,
    };
  });
};
