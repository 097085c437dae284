import type { CheckPoint, CheckResult } from '../../../src/experiments/checks/check.js';
import type { GateEvidence, GateSession, LiveInputs, RampInputs } from '../../../src/promotion/gates/gate-inputs.js';
import { PromotionConfig } from '../../../src/promotion/promotion-config.js';
import { runConfig } from '../../../src/sim/run-defaults.js';
import { DAY } from '../../../src/time.js';

export const config = PromotionConfig.parse({});
export const T0 = Date.UTC(2025, 0, 1);
export const NOW = Date.UTC(2025, 6, 1);

const at = (x: number, totalReturn: number): CheckPoint => ({
  label: `costs × ${x}`,
  x,
  sharpe: null,
  totalReturn,
  maxDrawdown: null,
  trades: null,
});

/** Profit that falls with costs on the logarithmic line from `growth` at once the costs to nothing at `gone` times. */
export const costs = (gone: number, verdict: CheckResult['verdict'] = 'pass'): CheckResult => {
  const growth = 0.4;
  const left = (x: number): number => Math.exp((growth * (gone - x)) / (gone - 1)) - 1;
  return {
    id: 'cost-stress',
    title: 'Costs',
    family: 'fragility',
    verdict,
    sentence: 'as it is',
    base: at(1, left(1)),
    points: [1.5, 2, 3].map(x => at(x, left(x))),
    axis: 'times',
  };
};

export const leak = (id: string, verdict: CheckResult['verdict'] = 'pass'): CheckResult => ({
  id,
  title: id,
  family: 'leak',
  verdict,
  sentence: 'said',
  base: null,
  points: [],
  axis: null,
});

const terms = runConfig({
  exchange: 'bybit',
  from: 0,
  to: 1,
  symbols: ['BTC/USDT:USDT'],
  timeframe: '1h',
  risk: { maxOrderNotional: null, maxLeverage: 3, maxExposure: 1, priceCollar: 0.2, maxDrawdown: 0.3, maxDailyLoss: 0.05 },
});

export const evidence = (over: Partial<GateEvidence> = {}): GateEvidence => ({
  run: 'walk-1',
  kind: 'walkforward',
  outOfSample: true,
  days: 500,
  trades: 160,
  dsr: { value: 0.97, reason: null },
  pbo: 0.2,
  configurations: 22,
  spa: { value: 0.01, reason: null },
  realityCheck: { value: 0.03, reason: null },
  drawdown: 0.12,
  checks: [costs(2.5), leak('causality'), leak('warm-up')],
  synthetic: false,
  dataErrors: [],
  params: { fast: 20, slow: 50 },
  config: terms,
  ...over,
});

export const session = (over: Partial<GateSession> = {}): GateSession => ({
  account: 'main',
  venue: 'bybit',
  practice: false,
  params: { fast: 20, slow: 50 },
  config: terms,
  ...over,
});

/** Everything that the gates of live ask for, with a little to spare. */
export const live = (over: Partial<LiveInputs> = {}): LiveInputs => ({
  evidence: evidence(),
  session: session(),
  paper: { stretches: [{ from: T0, to: T0 + 40 * DAY }], trades: 45 },
  parity: [{ from: T0, to: T0 + 40 * DAY, passed: true, bps: 1.5, tolerance: { bps: 5, unexplained: 0.2 } }],
  alarms: [],
  rehearsals: (['kill-switch', 'dead-man'] as const).map(what => ({
    what,
    account: 'main',
    at: NOW - 3 * DAY,
    passed: true,
    tookMs: 2500,
    text: '',
  })),
  pinFaults: [],
  now: NOW,
  ...over,
});

/** Everything that the next step of capital asks for. */
export const ramp = (over: Partial<RampInputs> = {}): RampInputs => ({
  from: 0.01,
  to: 0.1,
  step: { stretches: [{ from: T0, to: T0 + 15 * DAY }], trades: 25 },
  watch: [{ monitor: 'profit', verdict: 'inside', sentence: '' }],
  parity: [{ from: T0, to: T0 + 15 * DAY, passed: true, bps: -2, tolerance: { bps: 5, unexplained: 0.2 } }],
  alarms: [],
  risk: { state: 'ACTIVE', text: '' },
  pinFaults: [],
  ...over,
});
