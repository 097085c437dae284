import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { seldom } from '../../../src/cluster/queue/seldom.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a message is due once, counted while it goes on, and due again when it comes back', () => {
  const told = seldom(30_000);
  expect([told.isDue('a'), told.isDue('a'), told.isDue('b'), told.isDue('a')]).toEqual([true, false, true, false]);
  expect(told.owed()).toEqual([]);
  vi.advanceTimersByTime(30_000);
  expect(told.owed()).toEqual([{ message: 'a', more: 2, seconds: 30 }]);
  expect([told.isDue('a'), told.isDue('b')]).toEqual([false, true]);
  vi.advanceTimersByTime(10_000);
  // At its end a worker says what it has counted.
  expect(told.owed(true)).toEqual([{ message: 'a', more: 1, seconds: 10 }]);
  expect(told.isDue('a')).toBe(true);
});
