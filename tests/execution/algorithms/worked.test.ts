import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Algorithm, AlgorithmEvent, WorkTerms } from '../../../src/execution/algorithms/algorithm.js';
import { iceberg } from '../../../src/execution/algorithms/iceberg.js';
import { pov } from '../../../src/execution/algorithms/pov.js';
import { twap, type TwapTerms } from '../../../src/execution/algorithms/twap.js';
import { VolumeProfile } from '../../../src/execution/algorithms/volume-profile.js';
import { vwap } from '../../../src/execution/algorithms/vwap.js';

const HOUR = 3_600_000;
const T0 = Date.UTC(2024, 0, 1);
const work = (lots: number, more: Partial<WorkTerms> = {}): WorkTerms => ({
  side: 'buy',
  lots,
  limit: null,
  postOnly: false,
  reduceOnly: false,
  positionSide: null,
  ...more,
});
const timed = (lots: number, more: Partial<TwapTerms> = {}): TwapTerms => ({
  ...work(lots),
  duration: 1000,
  slices: 4,
  jitter: 0,
  seed: 1,
  rest: 'leave',
  ...more,
});

/** Drives an algorithm and keeps its orders. */
const drive = (algorithm: Algorithm) => {
  const orders: { lots: number; limit: number | null; filled: number; isOpen: boolean; leaving: boolean; at: number }[] = [];
  const self = {
    orders,
    closed: null as string | null,
    now: 0,
    tell: (event: AlgorithmEvent): void => {
      for (const action of algorithm.handle(event))
        if (action.act === 'place')
          orders[action.child] = {
            lots: action.order.lots,
            limit: action.order.limit,
            filled: 0,
            isOpen: true,
            leaving: false,
            at: self.now,
          };
        else if (action.act === 'cancel') {
          const order = orders[action.child];
          if (order) order.leaving = true;
        } else if (action.act === 'close') {
          if (self.closed !== null) throw new Error('closed twice');
          self.closed = action.code;
        }
    },
    start: (now = 0): void => {
      self.now = now;
      self.tell({ on: 'start', now });
    },
    until: (now: number): void => {
      while (algorithm.nextAt <= now) {
        self.now = algorithm.nextAt;
        self.tell({ on: 'time', now: self.now });
      }
      self.now = now;
    },
    fill: (child: number, lots = Infinity): void => {
      const order = orders[child];
      if (!order?.isOpen) return;
      const part = Math.min(lots, order.lots - order.filled);
      order.filled += part;
      if (order.filled === order.lots) order.isOpen = false;
      self.tell({ on: 'filled', child, lots: part });
    },
    end: (child: number, code = 'requested'): void => {
      const order = orders[child];
      if (!order?.isOpen) return;
      order.isOpen = false;
      self.tell({ on: 'ended', child, code });
    },
    volume: (lots: number): void => self.tell({ on: 'volume', lots, now: self.now }),
    committed: (): number => orders.reduce((sum, o) => sum + (o.isOpen ? o.lots : o.filled), 0),
    sizes: (): number[] => orders.map(o => o.lots),
  };
  return self;
};

describe('a time-weighted execution', () => {
  it('sends slice k of n at k/n of its time and brings the whole to (k + 1)/n, in whole lots', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 1e7 }),
        (lots, slices, duration) => {
          const algorithm = twap(timed(lots, { slices, duration }));
          const d = drive(algorithm);
          d.start(T0);
          const seen = [d.committed()];
          for (let k = 1; k < slices; k++) {
            const at = T0 + (duration * k) / slices;
            expect(algorithm.nextAt).toBe(at);
            d.until(at);
            seen.push(d.committed());
          }
          // Exact: BigInt divides toward zero.
          expect(seen).toEqual(seen.map((_, k) => Number((BigInt(lots) * BigInt(k + 1)) / BigInt(slices))));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('catches up with the next slice what an earlier one could not send', () => {
    const d = drive(twap(timed(40)));
    d.start();
    d.fill(0);
    d.until(250);
    d.end(1, 'denied');
    d.until(500);
    expect(d.sizes()).toEqual([10, 10, 20]);
  });

  it('leaves a slice at its limit to work on beside the next, and takes all back when its time is over', () => {
    const d = drive(twap(timed(40, { limit: 99 })));
    d.start();
    d.until(999);
    expect(d.sizes()).toEqual([10, 10, 10, 10]);
    expect(d.orders.every(({ limit, leaving }) => limit === 99 && !leaving)).toBe(true);
    d.fill(2, 7);
    d.until(1000);
    expect(d.orders.every(({ leaving }) => leaving)).toBe(true);
    for (let k = 0; k < 4; k++) d.end(k);
    expect([d.closed, d.sizes().length]).toEqual(['unfilled', 4]);
  });

  it('completes at the market what is left, once nothing of it can fill any more at the limit', () => {
    const d = drive(twap(timed(40, { limit: 99, rest: 'complete' })));
    d.start();
    d.until(1000);
    expect(d.sizes()).toEqual([10, 10, 10, 10]);
    for (let k = 0; k < 3; k++) d.end(k);
    d.fill(3, 4);
    expect(d.sizes().length).toBe(4);
    d.end(3);
    expect(d.orders[4]).toMatchObject({ lots: 36, limit: null });
    d.fill(4);
    expect(d.closed).toBe('done');
  });

  it('is late by a random share of an interval when it is to be, the same for the same seed', () => {
    const timesOf = (seed: number): number[] => {
      const d = drive(twap(timed(100, { slices: 20, duration: 20_000, jitter: 0.5, seed })));
      d.start();
      d.until(20_000);
      return d.orders.map(({ at }) => at);
    };
    const times = timesOf(1);
    times.forEach((at, k) => {
      expect(at).toBeGreaterThanOrEqual(1000 * k);
      expect(at).toBeLessThan(1000 * k + 500);
    });
    expect(new Set(times.map((at, k) => at - 1000 * k)).size).toBeGreaterThan(15);
    expect(timesOf(1)).toEqual(times);
    expect(timesOf(2)).not.toEqual(times);
  });

  it('is done as soon as all has filled', () => {
    const algorithm = twap(timed(2, { slices: 2 }));
    const d = drive(algorithm);
    d.start();
    d.fill(0);
    d.until(500);
    d.fill(1);
    expect(d.closed).toBe('done');
  });

  it('stops when there is nothing left to reduce', () => {
    const d = drive(twap(timed(40, { reduceOnly: true })));
    d.start();
    d.end(0, 'reduce-only');
    expect(d.closed).toBe('reduce-only');
  });
});

describe('a volume-weighted execution', () => {
  it('brings the whole to the share of the weights, rounded down', () => {
    const weights = [5, 1, 0, 3, 1];
    const d = drive(vwap({ ...work(103), duration: 5000, weights, rest: 'leave' }));
    d.start();
    const seen = [d.committed()];
    for (let k = 1; k < 5; k++) {
      d.until(1000 * k);
      seen.push(d.committed());
    }
    // 51.5, 61.8, 61.8, 92.7 and all.
    expect(seen).toEqual([51, 61, 61, 92, 103]);
  });

  it('expects of each hour what it has traded on average, and of one not seen the mean', () => {
    const profile = new VolumeProfile();
    expect(profile.weights(T0, 2 * HOUR, 2)).toEqual([1, 1]);
    // Two days of hour 0 and one of hour 1; a bar of two hours counts evenly in both.
    profile.add(T0 + HOUR, HOUR, 100);
    profile.add(T0 + 25 * HOUR, HOUR, 300);
    profile.add(T0 + 2 * HOUR, HOUR, 50);
    profile.add(T0 + 4 * HOUR, 2 * HOUR, 80);
    const [h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0] = profile.weights(T0 + 48 * HOUR, 5 * HOUR, 5);
    // Means 200, 50, 40, 40; 530 traded in 5 hours seen.
    expect([h1 / h0, h2 / h0, h3 / h0, h4 / h0]).toEqual([50 / 200, 40 / 200, 40 / 200, 106 / 200].map(x => expect.closeTo(x, 12)));
    // A slice of half an hour before hour 1 and half an hour of it.
    const [a = 0, b = 0] = profile.weights(T0 + HOUR / 2, 2 * HOUR, 2);
    expect(a / b).toBeCloseTo((100 + 25) / (25 + 20), 12);
  });
});

describe('an execution by participation', () => {
  const terms = { ...work(100), share: 0.1, min: 1, max: null, duration: null, rest: 'leave' } as const;

  it('sends a share of what has traded since the last slice, and waits for the least slice', () => {
    const d = drive(pov({ ...terms, min: 5 }));
    d.start();
    for (const lots of [30, 30, 25, 60]) d.volume(lots);
    // 3, 6, 2.5 and 8.5: the half lots are kept.
    expect(d.sizes()).toEqual([6, 8]);
  });

  it('lets go what is above the largest slice', () => {
    const d = drive(pov({ ...terms, max: 8 }));
    d.start();
    d.volume(500);
    d.volume(40);
    expect(d.sizes()).toEqual([8, 4]);
  });

  it('never sends more than its share of the volume, nor more than there is, whatever trades', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 60 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 20, max: 60 }),
        (volumes, share, min, max) => {
          const d = drive(pov({ ...terms, share, min, max }));
          d.start();
          let seen = 0;
          let sent = 0;
          for (const lots of volumes) {
            const before = d.orders.length;
            d.volume(lots);
            seen += lots;
            sent = d.orders.reduce((sum, o) => sum + o.lots, 0);
            expect(sent).toBeLessThanOrEqual(share * seen + 1e-6);
            for (const order of d.orders.slice(before)) {
              expect(order.lots).toBeLessThanOrEqual(max);
              if (sent < 100) expect(order.lots).toBeGreaterThanOrEqual(min);
            }
          }
          expect(sent).toBeLessThanOrEqual(100);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ends by its time as it is to', () => {
    const d = drive(pov({ ...terms, duration: 1000, rest: 'complete' }));
    d.start();
    d.volume(300);
    d.until(1000);
    // The market order at work goes on; the rest joins it.
    expect(d.sizes()).toEqual([30, 70]);
  });
});

describe('an iceberg', () => {
  it('shows a part at a time, the next when the one before is gone, and no more than there is', () => {
    const d = drive(iceberg({ ...work(25, { limit: 99 }), display: 10 }));
    d.start();
    expect(d.sizes()).toEqual([10]);
    d.fill(0, 9);
    expect(d.sizes()).toEqual([10]);
    d.fill(0);
    d.fill(1);
    expect(d.sizes()).toEqual([10, 10, 5]);
    d.fill(2);
    expect(d.closed).toBe('done');
  });

  it('ends with the part that the venue ends', () => {
    const d = drive(iceberg({ ...work(25, { limit: 99 }), display: 10 }));
    d.start();
    d.fill(0);
    d.end(1, 'would-cross');
    expect([d.closed, d.sizes()]).toEqual(['would-cross', [10, 10]]);
  });
});

describe('whatever fills and ends in which order', () => {
  const algorithms = (limit: number | null): Algorithm[] => {
    const terms = work(40, { limit });
    return [
      twap(timed(40, { limit, rest: 'complete', jitter: 0.3 })),
      vwap({ ...terms, duration: 1000, weights: [1, 2, 3, 1], rest: 'complete' }),
      pov({ ...terms, share: 0.3, min: 2, max: 9, duration: 1000, rest: 'complete' }),
      iceberg({ ...terms, limit: 99, display: 7 }),
    ];
  };
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('fill' as const), which: fc.nat(8), lots: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ do: fc.constant('end' as const), which: fc.nat(8) }),
      fc.record({ do: fc.constant('time' as const), by: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ do: fc.constant('volume' as const), lots: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constant('cancel' as const), which: fc.nat(8) }),
    ),
    { maxLength: 40 },
  );

  it('what has filled and what still may are never more than was asked for, and an execution closes once, with nothing at work', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(null, 99), (list, limit) => {
        for (const algorithm of algorithms(limit)) {
          const d = drive(algorithm);
          d.start();
          for (const step of list) {
            if (step.do === 'fill') d.fill(step.which, step.lots);
            else if (step.do === 'end') d.end(step.which, 'venue');
            else if (step.do === 'time') d.until(d.now + step.by);
            else if (step.do === 'volume') d.volume(step.lots);
            else if (step.which === 0) d.tell({ on: 'cancel' });
            expect(d.committed()).toBeLessThanOrEqual(40);
            if (d.closed !== null) {
              expect(d.orders.every(({ isOpen }) => !isOpen)).toBe(true);
              break;
            }
          }
          // Everything that is being taken back goes; what was to be completed is filled.
          if (d.closed !== null) continue;
          d.tell({ on: 'cancel' });
          d.orders.forEach((_, child) => d.end(child));
          expect(d.closed).not.toBe(null);
          expect(algorithm.filled).toBe(d.orders.reduce((sum, o) => sum + o.filled, 0));
        }
      }),
      { numRuns: 300 },
    );
  });
});
