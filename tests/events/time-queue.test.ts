import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeQueue } from '../../src/events/time-queue.js';

describe('the time queue', () => {
  it('hands out by time and, at one time, in the order in which things came', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(-1)), { maxLength: 200 }), steps => {
        // −1 takes, anything else enters at that time; the list sorted stably is the independent answer.
        const queue = new TimeQueue<number>();
        const waiting: { at: number; item: number }[] = [];
        steps.forEach((at, item) => {
          if (at >= 0) {
            queue.push(at, item);
            waiting.push({ at, item });
          } else if (waiting.length > 0) {
            const next = waiting.reduce((first, one) => (one.at < first.at ? one : first));
            expect(queue.nextAt).toBe(next.at);
            expect(queue.pop()).toBe(next.item);
            waiting.splice(waiting.indexOf(next), 1);
          }
          expect(queue.size).toBe(waiting.length);
        });
        const rest = [...waiting].sort((a, b) => a.at - b.at).map(({ item }) => item);
        expect(rest.map(() => queue.pop())).toEqual(rest);
      }),
    );
  });

  it('is due never when empty, and says so rather than hand out nothing', () => {
    const queue = new TimeQueue<string>();
    expect(queue.nextAt).toBe(Infinity);
    expect(() => queue.pop()).toThrow(RangeError);
  });
});
