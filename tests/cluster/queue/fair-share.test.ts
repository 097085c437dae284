import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  baseAfter,
  LARGEST_PRIORITY,
  priorityOf,
  REBASE_AFTER,
  tagsFor,
  virtualTimeAfter,
  weightOf,
  WEIGHTS,
  type RunShare,
} from '../../../src/cluster/queue/fair-share.js';

interface Waiting {
  readonly run: string;
  readonly tag: number;
  readonly priority: number;
  readonly order: number;
}

/** A queue that serves one job after another by BullMQ's rule: smallest priority, then first come. */
const served = (
  submissions: readonly { readonly run: string; readonly count: number; readonly weight: number; readonly after: number }[],
  most: number,
): string[] => {
  const waiting: Waiting[] = [];
  const order: string[] = [];
  let virtualTime = 0;
  let added = 0;
  const late = submissions.toSorted((a, b) => a.after - b.after);
  while (order.length < most) {
    while (late[0] !== undefined && late[0].after <= order.length) {
      const { run, count, weight } = late.shift()!;
      for (const tag of tagsFor({ next: 0, weight }, virtualTime, count).tags)
        waiting.push({ run, tag, priority: priorityOf(tag, 0), order: added++ });
    }
    if (waiting.length === 0) break;
    const next = waiting.reduce((best, each) =>
      each.priority < best.priority || (each.priority === best.priority && each.order < best.order) ? each : best,
    );
    waiting.splice(waiting.indexOf(next), 1);
    virtualTime = virtualTimeAfter(virtualTime, next.tag);
    order.push(next.run);
  }
  return order;
};

const count = (order: readonly string[], run: string): number => order.filter(each => each === run).length;

test('a late comer is served beside an old run at once, whatever the old run has submitted before', () => {
  const order = served(
    [
      { run: 'old', count: 2000, weight: 1, after: 0 },
      { run: 'late', count: 50, weight: 1, after: 300 },
    ],
    420,
  );
  expect(order.slice(300).lastIndexOf('late')).toBeLessThan(104);
});

test('late comers, one after another without end, do not starve an old run', () => {
  const comers = Array.from({ length: 30 }, (_, i) => ({ run: `late ${i}`, count: 10, weight: 1, after: 20 * i }));
  const order = served([{ run: 'old', count: 400, weight: 1, after: 0 }, ...comers], 400);
  // They ask for half of all there is, and so the other half is for the old run.
  for (let from = 0; from < 360; from += 40) expect(count(order.slice(from, from + 40), 'old')).toBeGreaterThanOrEqual(15);
});

test('fifty runs have equal shares, and urgencies 4, 1 and a quarter', () => {
  const order = served(
    Array.from({ length: 50 }, (_, i) => ({ run: `${i}`, count: 20, weight: 1, after: 0 })),
    500,
  );
  for (let i = 0; i < 50; i++) expect(Math.abs(count(order, `${i}`) - 10)).toBeLessThanOrEqual(1);
  const urgent = served(
    (['high', 'normal', 'low'] as const).map(run => ({ run, count: 300, weight: WEIGHTS[run], after: 0 })),
    210,
  );
  expect(count(urgent, 'high')).toBeGreaterThanOrEqual(150);
  expect(count(urgent, 'normal')).toBeGreaterThanOrEqual(35);
  expect(count(urgent, 'low')).toBeGreaterThanOrEqual(8);
});

test('what a submitter has is divided among the runs', () => {
  expect(weightOf('normal', 1)).toBe(1);
  expect(weightOf('high', 4)).toBe(1);
  expect(weightOf('low', 0)).toBe(0.25);
});

test('tags of a run never go back, priorities keep their order within what BullMQ has, and virtual time never goes back', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 50 })), { maxLength: 20 }),
      fc.constantFrom(0.25, 1, 4),
      (base, steps, weight) => {
        let share: RunShare = { next: 0, weight };
        let [lastTag, lastPriority] = [-1, 0];
        for (const [virtualTime, n] of steps) {
          const given = tagsFor(share, virtualTime, n);
          expect(given.tags).toHaveLength(n);
          for (const tag of given.tags) {
            expect(tag).toBeGreaterThanOrEqual(Math.max(lastTag, virtualTime));
            const priority = priorityOf(tag, Math.floor(base));
            expect(priority).toBeGreaterThanOrEqual(Math.max(1, lastPriority));
            expect(priority).toBeLessThanOrEqual(LARGEST_PRIORITY);
            [lastTag, lastPriority] = [tag, priority];
          }
          ({ share } = given);
        }
      },
    ),
  );
  expect(virtualTimeAfter(5, 3)).toBe(5);
  expect(virtualTimeAfter(5, 7)).toBe(7);
});

test('tags are counted anew when nothing waits, and when priorities are half used up', () => {
  expect(baseAfter(0, 100.5, false)).toBe(0);
  expect(baseAfter(0, 100.5, true)).toBe(100);
  expect(baseAfter(10, REBASE_AFTER + 11.5, false)).toBe(REBASE_AFTER + 11);
});
