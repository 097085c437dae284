import { describe, expect, it } from 'vitest';
import type { PlanConfig, RunConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import { cancel, order, signal, target, type SignalIntent } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { sma } from '../../src/features/trend/sma.js';
import { HOUR } from '../../src/time.js';
import { heldBySeries } from '../execution/exit-series.js';
import { A, B, engineOver, factsOf, FREE, NO_RISK, play, stage, still, T0, told, type BarRow, type Scenario } from './scenario.js';

/** Equity 10,000, price 1,000, one lot a unit: a loss of 3 % of equity at a stop 3 % away is ten lots. Stop 970 and target 1,050 for a rise, 1,030 and 950 for a fall. */
const PLAN: PlanConfig = {
  stopMultiple: 1.5,
  targetMultiple: 2.5,
  maxExposure: 1,
  minConfidence: 0.4,
  sizing: { kind: 'fixed-fraction', risk: 0.03 },
};

const long = (more: Partial<SignalIntent> = {}): SignalIntent => ({
  ...signal({ symbol: A, direction: 'long', confidence: 0.6, horizon: 5, mean: 0.01, sd: 0.02, reason: 'up' }),
  ...more,
});
const short = (more: Partial<SignalIntent> = {}): SignalIntent => long({ direction: 'short', mean: -0.01, reason: 'down', ...more });
const flat = (more: Partial<SignalIntent> = {}): SignalIntent => long({ direction: 'flat', confidence: NaN, mean: NaN, sd: NaN, ...more });

const still8 = (n = 8, price = 1000): BarRow[] => Array.from({ length: n }, () => still(price));
const playing = (scenario: Scenario, config: Partial<RunConfig> = {}): Promise<RunResult> =>
  play({ ...scenario, config: { plan: PLAN, ...config, ...scenario.config } });

/** `long@1 planned take-profit`: what became of signals and plans, in order. */
const story = (result: RunResult): string[] =>
  result.facts.flatMap(f =>
    f.type === 'SignalGiven'
      ? [`${f.direction} h${(f.ts - T0) / HOUR}`]
      : f.type === 'TradePlanned'
        ? [`${f.plan}: ${f.side} ${f.quantity} stop ${f.stopLoss} target ${f.takeProfit}`]
        : f.type === 'PlanClosed'
          ? [`${f.plan}: ${f.code} h${(f.ts - T0) / HOUR}`]
          : f.type === 'IntentDenied'
            ? [`denied ${f.code}`]
            : [],
  );

/** Lots of every approved order that has not ended. */
const working = (result: Pick<RunResult, 'facts'>): number => {
  const left = new Map<string, number>();
  for (const f of result.facts)
    if (f.type === 'OrderApproved') left.set(f.ticket.orderId, f.ticket.lots);
    else if (f.type === 'OrderFilled' && left.has(f.orderId)) left.set(f.orderId, (left.get(f.orderId) ?? NaN) - f.lots);
    else if (f.type === 'OrderCancelled' || f.type === 'OrderExpired' || f.type === 'OrderRejected') left.set(f.orderId, 0);
  return [...left.values()].reduce((sum, lots) => sum + lots, 0);
};

describe('a plan', () => {
  it('enters at the market, and takes its profit at the target', async () => {
    const result = await playing({
      bars: { [A]: [still(1000), still(1000), [1000, 1060, 1000, 1060], still(1060)] },
      decide: i => (i === 0 ? long() : undefined),
    });
    expect(story(result)).toEqual(['long h1', 'plan-1: buy 10 stop 970 target 1050', expect.stringMatching(/^plan-1: take-profit/)]);
    expect(told(result).map(line => line.replace(/h2\..*/, 'h2…'))).toEqual(['buy 10@1000 taker h1', 'sell 10@1050 maker h2…']);
    expect(working(result)).toBe(0);
    expect(result.roundTrips[0]).toMatchObject({ side: 'long', entryReason: 'up', exitReason: 'take-profit', netPnl: 500 });
  });

  it('for a fall is stopped above', async () => {
    const result = await playing({
      bars: { [A]: [still(1000), still(1000), [1000, 1040, 1000, 1040], still(1040)] },
      decide: i => (i === 0 ? short() : undefined),
    });
    expect(story(result).slice(1)).toEqual(['plan-1: sell 10 stop 1030 target 950', expect.stringMatching(/^plan-1: stop-loss/)]);
    expect(result.fills.map(f => [f.side, f.quantity, f.price, f.reason])).toEqual([
      ['sell', 10, 1000, 'down'],
      ['buy', 10, 1030, 'stop-loss'],
    ]);
    expect(working(result)).toBe(0);
  });

  it('pays the whole gap when the market opens beyond the stop', async () => {
    const result = await playing({
      bars: { [A]: [still(1000), still(1000), still(900), still(900)] },
      decide: i => (i === 0 ? long() : undefined),
    });
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 10@900 taker h2']);
    expect(story(result).at(-1)).toBe('plan-1: stop-loss h2');
  });

  it('is closed at the market at its horizon, and a signal of that very bar is too early', async () => {
    const result = await playing({
      bars: { [A]: still8(10) },
      decide: i => (i === 0 || i === 3 || i === 4 ? long({ horizon: 3 }) : undefined),
    });
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 10@1000 taker h4', 'buy 10@1000 taker h5', 'sell 10@1000 taker h8']);
    expect(story(result).filter(line => /:.*h/.test(line))).toEqual(['plan-1: expired h4', 'plan-2: expired h8']);
    expect(working(result)).toBe(0);
  });

  it('is not disturbed by more signals of its side, and left by one of the other', async () => {
    const result = await playing({
      bars: { [A]: still8() },
      decide: i => (i < 3 ? long() : i < 6 ? short() : undefined),
    });
    // The reversal closes; the next signal enters.
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 10@1000 taker h4', 'sell 10@1000 taker h5']);
    expect(story(result)).toEqual([
      'long h1',
      'plan-1: buy 10 stop 970 target 1050',
      'short h4',
      'plan-1: reversed h4',
      'short h5',
      'plan-2: sell 10 stop 1030 target 950',
      'plan-2: end-of-data h8',
    ]);
  });

  it('is closed by a flat signal, which needs no figures, and does nothing without a plan', async () => {
    const result = await playing({
      bars: { [A]: still8() },
      decide: i => (i === 1 ? long() : i === 0 || i > 2 ? flat() : undefined),
    });
    expect(story(result)).toEqual(['long h2', 'plan-1: buy 10 stop 970 target 1050', 'flat h4', 'plan-1: flat h4']);
    expect(told(result)).toEqual(['buy 10@1000 taker h2', 'sell 10@1000 taker h4']);
    expect(JSON.parse(JSON.stringify(factsOf(result, 'SignalGiven')[1]))).toMatchObject({ mean: 0, sd: 0, confidence: 0 });
    expect(working(result)).toBe(0);
  });

  it('protects each part of its entry as it fills, and ends when all of it is gone', async () => {
    const result = await playing({
      bars: { [A]: [still(1000), still(1000, 4), still(1000, 4), still(1000, 4), [1000, 1000, 960, 960, 100], still(960, 100)] },
      decide: i => (i === 0 ? long({ horizon: 50 }) : undefined),
      config: { fills: { ...FREE.fills, participation: 1 } },
    });
    const tickets = factsOf(result, 'OrderApproved').map(({ ticket: t }) => [t.type, t.side, t.lots, t.stop ?? t.limit, t.reduceOnly]);
    expect(tickets).toEqual([
      ['market', 'buy', 10, null, false],
      ...[4, 4, 2].flatMap(lots => [
        ['stop', 'sell', lots, 970, true],
        ['limit', 'sell', lots, 1050, true],
      ]),
    ]);
    expect(result.fills.slice(3).map(f => [f.quantity, f.price])).toEqual([
      [4, 970],
      [4, 970],
      [2, 970],
    ]);
    expect(factsOf(result, 'PlanClosed')).toMatchObject([{ plan: 'plan-1', code: 'stop-loss' }]);
    expect(working(result)).toBe(0);
  });

  it('takes the rest of its entry back when the first part is stopped', async () => {
    const result = await playing({
      bars: { [A]: [still(1000), still(1000, 4), [1000, 1000, 960, 960, 0], [960, 960, 960, 960, 100], still(960, 100), still(960, 100)] },
      decide: i => (i === 0 ? long({ horizon: 50 }) : undefined),
      config: { fills: { ...FREE.fills, participation: 1 } },
    });
    const held = result.fills.reduce((sum, f) => sum + (f.side === 'buy' ? f.quantity : -f.quantity), 0);
    expect(held).toBe(0);
    expect(factsOf(result, 'PlanClosed').map(f => f.code)).toEqual(['stop-loss']);
    expect(working(result)).toBe(0);
  });

  it('takes back at its horizon what of its entry has not filled', async () => {
    const result = await playing({
      bars: { [A]: Array.from({ length: 8 }, () => still(1000, 4)) },
      decide: i => (i === 0 ? long({ horizon: 1 }) : undefined),
      config: { fills: { ...FREE.fills, participation: 1 } },
    });
    expect(told(result)).toEqual(['buy 4@1000 taker h1', 'sell 4@1000 taker h2']);
    expect(factsOf(result, 'PlanClosed').map(f => f.code)).toEqual(['expired']);
    expect(working(result)).toBe(0);
  });

  it('counts the bar at hand where impact depends on it', async () => {
    const value = async (volume: number): Promise<number> => {
      const result = await playing({
        bars: { [A]: [[1000, 1010, 990, 1000, volume], ...still8()], [B]: [[1000, 1000, 1000, 1000, 1], ...still8()] },
        decide: (i, { symbol }) => (i === 0 && symbol === A ? long({ mean: 0.02 }) : undefined),
        config: { slippage: { kind: 'sqrt-impact', spreadBps: 0, coefficient: 1 } },
      });
      const plan = factsOf(result, 'TradePlanned')[0];
      return (plan?.expectedValue ?? NaN) / ((plan?.quantity ?? NaN) * 1000);
    };
    const sigma = Math.log(1010 / 990) / (2 * Math.sqrt(Math.log(2)));
    // Of the risk of 3 %, costs take their part: fewer than ten lots.
    for (const [volume, lots] of [
      [1e6, 9],
      [1e4, 9],
    ] as const)
      expect(await value(volume)).toBeCloseTo(0.02 * heldBySeries(1, 1.5, 2.5) - 2 * sigma * Math.sqrt(lots / volume), 6);
  });

  it('is wound up to its end whatever is signalled meanwhile', async () => {
    const result = await playing({
      bars: { [A]: still8(12) },
      decide: i => (i === 0 ? long({ horizon: 4 }) : i === 4 || i === 5 ? short() : undefined),
      config: { latency: { kind: 'constant', order: 1.5 * HOUR, cancel: 0, report: 0 } },
    });
    expect(story(result)).toEqual(['long h1', 'plan-1: buy 10 stop 970 target 1050', 'plan-1: expired h6.5']);
  });

  it('is closed when the gate refuses an order that protects it', async () => {
    const result = await playing({
      bars: { [A]: still8() },
      // An order of the user's own on the same side makes the take-profit one that might open, and it is worth more than the gate lets pass.
      decide: i =>
        i === 0
          ? [order({ symbol: A, side: 'sell', quantity: 5, limit: 1500, id: 'mine' }), long({ horizon: 50 })]
          : i === 4
            ? cancel('mine')
            : undefined,
      config: { risk: { ...NO_RISK, maxOrderNotional: 10_200 } },
    });
    expect(story(result).slice(2)).toEqual(['denied max-order-notional', 'plan-1: unprotected h1']);
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 10@1000 taker h1']);
    expect(working(result)).toBe(0);
  });

  it('ends flat when orders, cancels and reports take longer than a bar', async () => {
    for (const hours of [0.5, 1.5, 2.5]) {
      const result = await playing({
        bars: { [A]: still8(24) },
        decide: i => (i === 0 ? long({ horizon: 4 }) : undefined),
        config: { latency: { kind: 'constant', order: hours * HOUR, cancel: 0.2 * HOUR, report: hours * HOUR } },
      });
      expect(result.fills.reduce((sum, f) => sum + (f.side === 'buy' ? f.quantity : -f.quantity), 0)).toBe(0);
      expect(factsOf(result, 'PlanClosed').map(f => f.code)).toEqual(['expired']);
      expect(working(result)).toBe(0);
    }
  });

  it('names its signal and its reason on every order, and leaves names of orders to the user', async () => {
    const result = await playing({
      bars: { [A]: still8(), [B]: still8() },
      decide: (i, { symbol }) => {
        if (symbol === B) return i === 0 ? order({ symbol: B, side: 'buy', quantity: 1, limit: 500, id: 'plan-1' }) : undefined;
        return i === 0 ? long({ horizon: 3 }) : i === 5 ? cancel('plan-1') : undefined;
      },
    });
    const [given] = factsOf(result, 'SignalGiven');
    const requests = factsOf(result, 'OrderRequested').filter(f => f.symbol === A);
    expect(requests.map(f => [f.correlationId, f.name, f.reason, f.reduceOnly])).toEqual([
      [given?.seq, null, 'up', false],
      [given?.seq, null, 'stop-loss', true],
      [given?.seq, null, 'take-profit', true],
      [given?.seq, null, 'expired', true],
    ]);
    for (const type of ['TradePlanned', 'PlanClosed'] as const)
      expect(factsOf(result, type).map(f => f.correlationId)).toEqual([given?.seq]);
    // Each fact of the plan follows from one that came before it; the exit at the horizon from a bar.
    expect(requests.map(f => f.causationId >= (given?.seq ?? Infinity))).toEqual([true, true, true, false]);
    expect(factsOf(result, 'OrderCancelled').filter(f => f.symbol === B)).toHaveLength(1);
    expect(new Set(factsOf(result, 'OrderApproved').map(f => f.ticket.orderId)).size).toBe(factsOf(result, 'OrderApproved').length);
  });

  it('is one of several: each symbol has its own', async () => {
    const result = await playing({
      bars: { [A]: still8(), [B]: still8() },
      decide: (i, { symbol }) => (i === 0 ? (symbol === A ? long({ horizon: 3 }) : short({ symbol: B, horizon: 4 })) : undefined),
    });
    expect(factsOf(result, 'PlanClosed').map(f => [f.symbol, f.code, (f.ts - T0) / HOUR])).toEqual([
      [A, 'expired', 4],
      [B, 'expired', 5],
    ]);
  });

  it('ends with the data, its position marked or closed as the run says, and its last prices counted', async () => {
    const at = async (atEnd: 'mark' | 'close', last: BarRow) => {
      const result = await playing({
        bars: { [A]: [...still8(3), last] },
        decide: i => (i === 0 ? long({ horizon: 50 }) : undefined),
        config: { atEnd, latency: { kind: 'constant', order: 0, cancel: 0, report: 1000 } },
      });
      return factsOf(result, 'PlanClosed').map(f => f.code);
    };
    expect(await at('mark', still(1000))).toEqual(['end-of-data']);
    expect(await at('close', still(1000))).toEqual(['end-of-data']);
    // The stop was met in the last bar, and the word of it comes after.
    expect(await at('mark', [1000, 1000, 965, 965])).toEqual(['stop-loss']);
  });
});

describe('a plan that does not come about', () => {
  it('is denied by the gate or the venue: nothing half-done stays', async () => {
    const gate = await playing({
      bars: { [A]: still8() },
      decide: i => (i === 0 ? long() : undefined),
      config: { risk: { ...NO_RISK, maxExposure: 0.5 } },
    });
    expect(story(gate)).toEqual(['long h1', 'plan-1: buy 10 stop 970 target 1050', 'denied max-exposure', 'plan-1: not-entered h1']);
    expect([gate.fills.length, factsOf(gate, 'OrderApproved').length]).toEqual([0, 0]);
    const venue = await playing({
      bars: { [A]: still8() },
      decide: i => (i === 0 ? long() : undefined),
      config: { leverage: 0.05, risk: NO_RISK },
    });
    expect(factsOf(venue, 'OrderExpired').map(f => f.code)).toEqual(['margin']);
    expect(factsOf(venue, 'PlanClosed').map(f => f.code)).toEqual(['not-entered']);
  });

  it('holds and protects what the account could carry of it', async () => {
    const result = await playing({
      bars: { [A]: still8() },
      decide: i => (i === 0 ? long({ horizon: 4 }) : undefined),
      config: { leverage: 0.4, risk: NO_RISK },
    });
    expect(told(result)).toEqual(['buy 4@1000 taker h1', 'sell 4@1000 taker h5']);
    expect(factsOf(result, 'OrderApproved').map(f => f.ticket.lots)).toEqual([10, 4, 4, 4]);
    expect(factsOf(result, 'PlanClosed').map(f => f.code)).toEqual(['expired']);
  });

  it('is not made of a forecast without edge, confidence or numbers; a repeated answer is given once', async () => {
    const codes = async (intent: SignalIntent, config: Partial<RunConfig> = {}) => {
      const result = await playing({ bars: { [A]: still8() }, decide: () => intent, config });
      expect([result.fills.length, factsOf(result, 'TradePlanned').length]).toEqual([0, 0]);
      expect(factsOf(result, 'SignalGiven').every(f => Number.isFinite(f.mean + f.sd + f.confidence + f.riskScore + f.horizon))).toBe(true);
      return result.refusals;
    };
    expect(await codes(long({ mean: 0.0005 }), { fees: { kind: 'maker-taker', maker: 0, taker: 0.0005 } })).toEqual({ 'no-edge': 1 });
    expect(await codes(long({ confidence: 0.1 }))).toEqual({ 'low-confidence': 1 });
    expect(await codes(long({ mean: NaN }))).toEqual({ 'bad-forecast': 1 });
    expect(await codes(long({ riskScore: 1 }))).toEqual({ 'no-size': 1 });
  });

  it('is not made before the run, before the indicators are warm, or of what is not listed', async () => {
    const warming = await playing({
      bars: { [A]: still8() },
      indicators: { mean: sma(4) },
      decide: i => (i < 3 ? long() : undefined),
    });
    expect(warming.refusals).toEqual({ 'warming-up': 1 });
    expect(factsOf(warming, 'SignalGiven')).toEqual([]);
    const delisted = await playing({
      bars: { [A]: still8() },
      universe: [[A, T0 + 2.5 * HOUR, 0]],
      decide: i => (i === 0 || i === 5 ? long({ horizon: 3 }) : undefined),
    });
    // What is held may still be closed.
    expect(told(delisted)).toEqual(['buy 10@1000 taker h1', 'sell 10@1000 taker h4']);
    expect(delisted.refusals).toEqual({ 'not-listed': 1 });
  });

  it('stops the run when its symbol is not in it', async () => {
    await expect(playing({ bars: { [A]: still8() }, decide: () => long({ symbol: 'X/USDT:USDT' }) })).rejects.toThrow(
      /named X\/USDT:USDT, which is not in the run/,
    );
  });
});

/** An engine at hand, to publish what no scenario brings about. */
const engineOn = (scenario: Scenario, decide: () => SignalIntent) =>
  engineOver(defineStrategy({ name: 'at-hand', params: {}, decide }), stage({ ...scenario, config: { plan: PLAN } }));

describe('the size factor of the run', () => {
  it('scales the plans that are made after it, and stops them at nothing', async () => {
    const { engine, feed } = engineOn({ bars: { [A]: still8(12) } }, () => long({ horizon: 2 }));
    const scale = (seq: number, factor: number): void =>
      engine.stream.publish({
        type: 'SizeScaled',
        seq,
        version: 1,
        ts: T0,
        knownAt: T0,
        account: '',
        strategy: '',
        correlationId: seq,
        causationId: -1,
        factor,
        code: 'drift',
        text: '',
      });
    scale(engine.stream.takeSeq(), 0.5);
    const planned: number[] = [];
    engine.stream.handle(fact => {
      if (fact.type !== 'TradePlanned') return;
      planned.push(fact.quantity);
      if (planned.length === 2) scale(engine.stream.takeSeq(), 0);
    });
    await engine.run(feed);
    expect(planned).toEqual([5, 5]);
    expect(engine.fold.refusals).toEqual({ 'no-size': 1 });
  });
});

describe('a plan and the rest of the account', () => {
  it('is forgotten in a halt, which closes everything itself', async () => {
    const result = await playing({
      bars: { [A]: [still(1000), still(1000), [1000, 1000, 980, 980], ...still8(4, 980)] },
      decide: i => (i === 0 || i > 3 ? long({ horizon: 50 }) : undefined),
      config: { risk: { ...NO_RISK, maxDrawdown: 0.01 } },
    });
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 10@980 taker h3']);
    expect(story(result)).toEqual(['long h1', 'plan-1: buy 10 stop 970 target 1050', 'plan-1: halted h3', 'denied halted']);
    expect(working(result)).toBe(0);
  });

  it('leaves no order behind when the halt comes while its orders are being asked for', async () => {
    for (const at of ['OrderFilled', 'OrderRequested', 'OrderApproved', 'TradePlanned', 'SignalGiven'] as const) {
      const { engine, feed } = engineOn({ bars: { [A]: still8() } }, () => long({ horizon: 50 }));
      let halted = false;
      engine.stream.handle(fact => {
        if (halted || fact.type !== at) return;
        halted = true;
        engine.desk.halt({ code: 'by-hand', text: '' });
      });
      await engine.run(feed);
      expect(working({ facts: engine.facts }), at).toBe(0);
      expect(engine.fold.account.lots[0], at).toBe(0);
      const since = engine.facts.slice(engine.facts.findIndex(f => f.type === 'RiskStateChanged'));
      const sent = new Set(since.flatMap(f => (f.type === 'OrderSubmitted' ? [f.orderId] : [])));
      // Nothing of the plan leaves any more; only what closes everything does.
      expect(
        engine.facts.flatMap(f => (f.type === 'OrderApproved' && sent.has(f.ticket.orderId) && f.ticket.type !== 'market' ? [f] : [])),
      ).toEqual([]);
      const made = engine.facts.filter(f => f.type === 'TradePlanned').length;
      expect(engine.facts.filter(f => f.type === 'PlanClosed').length, at).toBe(made);
    }
  });

  it('is forgotten in a liquidation', async () => {
    const result = await playing({
      // Ten times equity, the stop 30 % away: a fall of 10 % is the end of the account.
      bars: { [A]: [still(1000), still(1000), [1000, 1000, 900, 900], ...still8(4, 900)] },
      decide: i => (i === 0 || i > 3 ? long({ horizon: 50 }) : undefined),
      config: { plan: { ...PLAN, maxExposure: 20, stopMultiple: 15, sizing: { kind: 'fixed-fraction', risk: 3 } } },
      instruments: { [A]: { maintenanceMarginRate: 0.01 } },
    });
    // 10,000 + 100 (p − 1,000) = 1 % of 100 p at 90,000 / 99, which the second third of the bar reaches; sold at the tick below.
    const fell = 2 + 1 / 3 + (1 - (90_000 / 99 - 900) / 100) / 3;
    expect(told(result).map(each => each.replace(/ h2\..*/, ''))).toEqual(['buy 100@1000 taker h1', 'sell 100@909 taker']);
    expect(((result.fills[1]?.ts ?? NaN) - T0) / HOUR).toBeCloseTo(fell, 9);
    expect(result.halted?.code).toBe('liquidated');
    expect(
      story(result)
        .slice(2)
        .map(each => each.replace(/ h2\..*/, '')),
    ).toEqual(['plan-1: halted', 'denied halted']);
    expect(working(result)).toBe(0);
  });

  it('ends when other orders have closed what it held', async () => {
    const result = await playing({
      bars: { [A]: still8() },
      decide: i =>
        i === 0 ? long({ horizon: 50 }) : i === 2 ? order({ symbol: A, side: 'sell', quantity: 10, reduceOnly: true }) : undefined,
    });
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 10@1000 taker h3']);
    expect(factsOf(result, 'PlanClosed').map(f => [f.code, (f.ts - T0) / HOUR])).toEqual([['flat', 3]]);
    expect(working(result)).toBe(0);
  });

  it('closes only what other orders have left of it', async () => {
    const result = await playing({
      bars: { [A]: still8() },
      decide: i => (i === 0 ? long({ horizon: 4 }) : i === 1 ? order({ symbol: A, side: 'sell', quantity: 7 }) : undefined),
    });
    expect(told(result)).toEqual(['buy 10@1000 taker h1', 'sell 7@1000 taker h2', 'sell 3@1000 taker h5']);
    expect(working(result)).toBe(0);
  });

  it('gives the same facts as decide and as a stream, and leaves runs without signals as they were', async () => {
    const bars = { [A]: [still(1000), still(1000), still(1000), [1000, 1060, 1000, 1060], still(1060), still(1060)] as BarRow[] };
    const { map, filter } = await import('rxjs/operators');
    const decided = defineStrategy({ name: 'same', params: {}, decide: bar => (bar.openTime === T0 ? long() : undefined) });
    const streamed = defineStrategy({
      name: 'same',
      params: {},
      run: ({ bars$ }) =>
        bars$.pipe(
          filter(({ bar }) => bar.openTime === T0),
          map(() => long()),
        ),
    });
    const first = await playing({ bars, strategy: decided });
    expect(factsOf(first, 'PlanClosed').map(f => f.code)).toEqual(['take-profit']);
    expect((await playing({ bars, strategy: streamed })).fingerprint).toBe(first.fingerprint);
    expect(first.assumptions.find(a => a.topic === 'Trade plans')).toMatchObject({
      text: expect.stringMatching(/stop-loss 1\.5 and take-profit 2\.5 .*loss of 3 % of equity.*at most 1 × equity/) as string,
      source: 'chosen by the user',
    });
    const unplanned = await playing({ bars, decide: i => (i === 1 ? target(A, 0.5) : undefined) });
    expect(unplanned.facts.some(f => f.type === 'PlanClosed')).toBe(false);
    expect(unplanned.assumptions.some(a => a.topic === 'Trade plans')).toBe(false);
  });
});
