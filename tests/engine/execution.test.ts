import { describe, expect, it } from 'vitest';
import { BarLine } from '../../src/engine/bar-line.js';
import { execute, type ExecuteTerms } from '../../src/strategies/execution-intent.js';
import { cancel, order } from '../../src/strategies/intent.js';
import { A, T0 } from './scenario.js';
import { venue } from './execution-venue.js';

const HOUR = 3_600_000;
const work = { symbol: A, side: 'buy', quantity: 40, id: 'x', reason: 'build' } as const;
const started = (terms: ExecuteTerms, options: Parameters<typeof venue>[0] = {}) => {
  const v = venue(options);
  v.executions.take(execute(terms));
  return v;
};

/** An hourly line whose bars have these volumes. */
const lineOf = (volumes: readonly number[]): BarLine => {
  const line = new BarLine(A, 0, '1h', '1h', [], 0, null);
  const still = new Float64Array(volumes.length).fill(100);
  line.load({
    kind: 'bars',
    symbol: A,
    timeframe: '1h',
    rows: volumes.length,
    ts: Float64Array.from(volumes, (_, k) => T0 + k * HOUR),
    columns: [still, still, still, still, Float64Array.from(volumes)],
  });
  return line;
};

describe('an execution', () => {
  it('is a request whose orders all belong to it, and one close', () => {
    const v = started({ ...work, algorithm: 'iceberg', limit: 95, display: 25 });
    v.fill('o1');
    v.fill('o2');
    const [request] = v.told('ExecutionRequested');
    expect(request).toMatchObject({ execution: 'iceberg', symbol: A, side: 'buy', quantity: 40, name: 'x', reason: 'build' });
    expect(JSON.parse(request?.terms ?? '')).toEqual({
      algorithm: 'iceberg',
      display: 25,
      limit: 95,
      postOnly: false,
      quantity: 40,
      reduceOnly: false,
      side: 'buy',
      symbol: A,
    });
    const orders = v.told('OrderRequested');
    for (const fact of [...orders, ...v.told('ExecutionClosed')]) expect(fact.correlationId).toBe(request?.seq);
    for (const type of ['OrderApproved', 'OrderSubmitted'] as const)
      expect(v.told(type).map(({ correlationId }) => correlationId)).toEqual(orders.map(({ seq }) => seq));
    expect(v.told('OrderApproved').map(({ ticket }) => ticket.lots)).toEqual([25, 15]);
    expect(v.told('OrderRequested').map(({ reason, name }) => [reason, name])).toEqual([
      ['build', null],
      ['build', null],
    ]);
    expect(v.closed()).toEqual(['done 40']);
    expect(v.facts.map(({ seq }) => seq)).toEqual(v.facts.map((_, k) => k));
  });

  it('is woken at its times, and only then', () => {
    const v = started({ ...work, algorithm: 'twap', duration: 4 * HOUR, slices: 4 });
    expect([v.book(), v.executions.nextAt]).toEqual([['buy market 10'], T0 + HOUR]);
    v.at(HOUR - 1);
    expect(v.book().length).toBe(1);
    v.at(3 * HOUR);
    expect(v.book().length).toBe(4);
    expect(v.executions.nextAt).toBe(T0 + 4 * HOUR);
    for (const id of ['o1', 'o2', 'o3', 'o4']) v.fill(id);
    expect([v.closed(), v.executions.nextAt]).toEqual([['done 40'], Infinity]);
  });

  it('stops at the cancel of its name, keeps what has filled, and its name is free again', () => {
    const v = started({ ...work, algorithm: 'twap', duration: 4 * HOUR, slices: 4, limit: 95 });
    v.fill('o1', 3);
    v.executions.take(execute({ ...work, algorithm: 'iceberg', limit: 90, display: 5 }));
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 1, limit: 90, id: 'x' }));
    expect(v.denials()).toEqual(['duplicate-id', 'duplicate-id']);
    v.executions.take(cancel('x'));
    v.settle();
    expect([v.book(), v.closed(), v.executions.nextAt]).toEqual([[], ['cancelled 3'], Infinity]);
    v.executions.take(execute({ ...work, algorithm: 'iceberg', limit: 90, display: 5 }));
    expect(v.book()).toEqual(['buy limit 5 @90']);
  });

  it('may not take the name of an order at work', () => {
    const v = venue();
    v.executions.take(order({ symbol: A, side: 'buy', quantity: 1, limit: 90, id: 'x' }));
    v.executions.take(execute({ ...work, algorithm: 'iceberg', limit: 90, display: 5 }));
    expect([v.denials(), v.book()]).toEqual([['duplicate-id'], ['buy limit 1 @90']]);
    v.executions.take(cancel('x'));
    v.settle();
    expect(v.book()).toEqual([]);
  });

  it('participates in the volume of bars, from the first that closes after its start', () => {
    const v = venue();
    const line = lineOf([900, 100, 70]);
    const bar = (): void => {
      v.desk.now = line.nextAt;
      v.executions.keepBar(line);
      v.executions.closes();
      line.advance();
    };
    bar();
    v.executions.take(execute({ ...work, algorithm: 'pov', share: 0.1 }));
    expect(v.book()).toEqual([]);
    bar();
    bar();
    expect(v.book()).toEqual(['buy market 10', 'buy market 7']);
  });

  it('participates in single trades where they are known, and then no more in bars', () => {
    const v = started({ ...work, algorithm: 'pov', share: 0.5, min: 4 });
    for (const quantity of [3, 4, 1]) v.executions.traded(0, quantity);
    const line = lineOf([1000]);
    v.executions.keepBar(line);
    v.executions.closes();
    expect(v.book()).toEqual(['buy market 4']);
  });

  it('weighs its slices by the hours of the bars seen so far', () => {
    const v = venue();
    const line = lineOf(Array.from({ length: 24 }, (_, hour) => (hour === 1 ? 300 : 100)));
    for (let k = 0; k < 24; k++) {
      v.desk.now = line.nextAt;
      v.executions.keepBar(line);
      v.executions.closes();
      line.advance();
    }
    v.executions.take(execute({ ...work, algorithm: 'vwap', duration: 2 * HOUR, slices: 2 }));
    v.at(25 * HOUR);
    expect(v.book()).toEqual(['buy market 10', 'buy market 30']);
  });

  it('goes on with the next slice when the risk gate refuses one', () => {
    const v = started(
      { ...work, algorithm: 'twap', duration: 4 * HOUR, slices: 4, rest: 'leave' },
      { capital: 1000, risk: { maxExposure: 1 } },
    );
    v.fill('o1');
    v.at(HOUR);
    expect([v.book(), v.denials()]).toEqual([[], ['max-exposure']]);
    // Another sells: there is room for two slices of the three that are due.
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 10 }));
    v.fill('o3');
    v.at(2 * HOUR);
    expect(v.closed()).toEqual([]);
    v.at(4 * HOUR);
    expect(v.closed()).toEqual(['unfilled 10']);
  });

  it('is over with a halt, and none is begun after it', () => {
    const v = started({ ...work, algorithm: 'twap', duration: 4 * HOUR, slices: 4 });
    v.fill('o1');
    v.at(HOUR);
    v.desk.halt({ code: 'drawdown', text: 'enough' });
    expect(v.closed()).toEqual(['halted 10']);
    v.settle();
    expect(v.book()).toEqual(['sell market 10']);
    v.at(4 * HOUR);
    v.executions.take(execute({ ...work, algorithm: 'iceberg', limit: 90, display: 5 }));
    expect([v.denials(), v.book()]).toEqual([['halted'], ['sell market 10']]);
  });

  it('sends nothing more when the data has ended, and says what has filled', () => {
    const v = started({ ...work, algorithm: 'iceberg', limit: 95, display: 25 });
    v.executions.ending();
    v.fill('o1');
    v.executions.finish();
    expect([v.orders.size, v.closed()]).toEqual([1, ['end-of-data 25']]);
  });

  it('sells out of a leg in hedge mode', () => {
    const v = venue({ hedge: true });
    v.executions.take(order({ symbol: A, side: 'sell', quantity: 40, positionSide: 'short' }));
    v.fill('o1');
    v.executions.take(execute({ ...work, algorithm: 'iceberg', limit: 95, display: 25, positionSide: 'short' }));
    v.fill('o2');
    v.fill('o3');
    expect([v.held, v.closed()]).toEqual([[0, 0], ['done 40']]);
  });

  const twap = { ...work, algorithm: 'twap', duration: HOUR, slices: 4 } as const;
  const vwap = { ...work, algorithm: 'vwap', duration: HOUR, slices: 2 } as const;
  const pov = { ...work, algorithm: 'pov', share: 0.1 } as const;
  const iceberg = { ...work, algorithm: 'iceberg', limit: 95, display: 5 } as const;
  const impossible: readonly [string, string, ExecuteTerms][] = [
    ['not-a-number', 'no quantity', { ...twap, quantity: NaN }],
    ['not-a-number', 'a limit below 0', { ...iceberg, limit: -1 }],
    ['below-lot', 'less than a lot', { ...pov, quantity: 0.2 }],
    ['bad-order', 'no duration', { ...twap, duration: 0 }],
    ['bad-order', 'an endless duration', { ...vwap, duration: Infinity }],
    ['bad-order', 'no slice', { ...twap, slices: 0 }],
    ['bad-order', 'half a slice', { ...twap, slices: 1.5 }],
    ['bad-order', 'a flood of slices', { ...twap, slices: 1e6 }],
    ['bad-order', 'a jitter above 1', { ...twap, jitter: 1.1 }],
    ['bad-order', 'a profile of another length', { ...vwap, profile: [1, 2, 3] }],
    ['bad-order', 'a profile of nothing', { ...vwap, profile: [0, 0] }],
    ['bad-order', 'a profile below 0', { ...vwap, profile: [2, -1] }],
    ['bad-order', 'no share', { ...pov, share: 0 }],
    ['bad-order', 'more than all volume', { ...pov, share: 1.2 }],
    ['bad-order', 'a least slice above the largest', { ...pov, min: 5, max: 4 }],
    ['bad-order', 'a largest slice of less than a lot', { ...pov, max: 0.5 }],
    ['bad-order', 'no time', { ...pov, duration: -1 }],
    ['bad-order', 'nothing shown', { ...iceberg, display: 0 }],
    ['bad-order', 'more shown than there is', { ...iceberg, display: 41 }],
    ['position-side', 'a leg in one-way mode', { ...twap, positionSide: 'long' }],
  ];
  it.each(impossible)('that cannot be is denied as %s: %s', (code, _, terms) => {
    const v = started(terms);
    expect([v.denials(), v.orders.size, v.told('ExecutionRequested')]).toEqual([[code], 0, []]);
  });
});
