import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactLine } from '../../../src/dashboard/api/accounts-api.js';
import { belongs, typedTime } from '../../../src/dashboard/web/journal/fact-filter.js';
import { newestPosition, oldestPosition, openWindow, withNewer, withOlder } from '../../../src/dashboard/web/journal/fact-window.js';
import { readFilter } from '../../../src/dashboard/web/journal/journal-filter.js';
import { scrollTo, visibleRows } from '../../../src/dashboard/web/journal/visible-rows.js';

const fact = (position: number, more: Partial<FactLine> = {}): FactLine => ({
  position,
  seq: position,
  strategy: 'sma',
  type: 'TargetSet',
  ts: position * 1000,
  knownAt: position * 1000,
  correlationId: position,
  causationId: -1,
  text: '',
  payload: {},
  ...more,
});

const stretch = (from: number, to: number): FactLine[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => fact(from + at));
const positions = (facts: readonly FactLine[]): number[] => facts.map(({ position }) => position);

describe('the window of the journal', () => {
  it('has every fact once and in order, however pages and the stream repeat and overlap', () => {
    // What a stream does after a cut: it goes on from somewhere at or before the newest fact that was heard, and repeats what it likes.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.record({ back: fc.nat(20), on: fc.nat(15), isShuffled: fc.boolean() }), { maxLength: 20 }),
        (first, turns) => {
          let last = first + 10;
          let window = openWindow(stretch(first, last).reverse(), first > 1);
          for (const { back, on, isShuffled } of turns) {
            const facts = stretch(Math.max(first, last - back), last + on);
            window = withNewer(window, isShuffled ? [...facts].reverse() : facts);
            last += on;
          }
          expect(positions(window.facts)).toEqual(positions(stretch(first, last)));
          expect(newestPosition(window)).toBe(last);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps no more than its cap, lets the oldest go as new ones come, and knows that there are older ones', () => {
    const window = withNewer(openWindow(stretch(1, 50), false), stretch(51, 120), 100);
    expect(positions(window.facts)).toEqual(positions(stretch(21, 120)));
    expect(window.hasOlder).toBe(true);
  });

  it('lets the newest go when somebody reads far back, and then takes nothing in that would leave a gap', () => {
    const window = withOlder(openWindow(stretch(101, 200), true), stretch(41, 100).reverse(), true, 120);
    expect(positions(window.facts)).toEqual(positions(stretch(41, 160)));
    expect(oldestPosition(window)).toBe(41);
    expect(window.hasNewer).toBe(true);
    expect(withNewer(window, stretch(201, 210))).toBe(window);
  });

  it('is the same object when nothing new came, so that nothing is drawn again', () => {
    const window = openWindow(stretch(1, 10), false);
    expect(withNewer(window, stretch(4, 10))).toBe(window);
    expect(withNewer(window, [])).toBe(window);
  });
});

describe('the filter of the journal', () => {
  it('agrees with a plain reading of each word', () => {
    const filter = { type: 'OrderFilled', strategy: '', from: 1000, to: 2000 };
    expect(belongs(filter, fact(1, { type: 'OrderFilled', strategy: '', ts: 1000 }))).toBe(true);
    expect(belongs(filter, fact(1, { type: 'OrderFilled', strategy: '', ts: 2000 }))).toBe(false);
    expect(belongs(filter, fact(1, { type: 'OrderFilled', strategy: 'sma', ts: 1500 }))).toBe(false);
    expect(belongs(filter, fact(1, { type: 'OrderApproved', strategy: '', ts: 1500 }))).toBe(false);
    expect(belongs({}, fact(1))).toBe(true);
  });

  it('reads times as UTC, a day as an end to its end, and says what is no time', () => {
    expect(typedTime('2026-05-01')).toBe(Date.UTC(2026, 4, 1));
    expect(typedTime('2026-05-01', true)).toBe(Date.UTC(2026, 4, 2));
    expect(typedTime('2026-05-01 14:30')).toBe(Date.UTC(2026, 4, 1, 14, 30));
    expect(typedTime('2026-05-01T14:30:15Z', true)).toBe(Date.UTC(2026, 4, 1, 14, 30, 15));
    expect(typedTime('  ')).toBeUndefined();
    for (const wrong of ['yesterday', '2026-13-01', '2026-02-30', '2026-05-01 25:00', '01.05.2026'])
      expect(typedTime(wrong), wrong).toBeNull();
  });

  it('comes from the address, leaves out what is no time, and names the account’s own stream', () => {
    const { filter, wrong } = readFilter(new URLSearchParams('strategy=account&type=AlarmRaised&from=soon&to=2026-05-01&account=main'));
    expect(filter).toEqual({ strategy: '', type: 'AlarmRaised', to: Date.UTC(2026, 4, 2) });
    expect(wrong.from).toContain('UTC');
    expect(wrong.to).toBeNull();
  });
});

describe('the rows in sight', () => {
  it('cover everything that can be seen, and never reach beyond the list', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 20, max: 60 }),
        fc.double({ min: -50, max: 400_000, noNaN: true }),
        (count, height, scrolled) => {
          const { first, end } = visibleRows(count, height, scrolled, 620);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(count);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(620 / height) + 2 * 12 + 2);
          for (let y = Math.max(0, scrolled); y < scrolled + 620 && y < count * height; y += height / 2) {
            const row = Math.floor(y / height);
            expect(row).toBeGreaterThanOrEqual(first);
            expect(row).toBeLessThan(end);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are scrolled to only when they are out of sight', () => {
    expect(scrollTo(3, 30, 60, 300)).toBe(60);
    expect(scrollTo(1, 30, 60, 300)).toBe(30);
    expect(scrollTo(20, 30, 60, 300)).toBe(330);
  });
});
