import { usageError } from '../../errors.js';
import { featureKey } from '../parameters.js';

/** The last so many events, or those of the last so many milliseconds: later than now − `ms`. */
export type WindowSpan = { readonly last: number } | { readonly ms: number };

/** Sums over the events of a window. Whole numbers are summed without error, however long it runs. */
export interface EventWindow {
  /** One sum per quantity. */
  readonly sums: Float64Array;
  /** Something was seen: a window of time begins to fill at the first call. What has become too old leaves. */
  at(now: number): void;
  /** An event of these quantities, after `at` its time. */
  push(row: Float64Array): void;
  /** Let go of what is too old by now, and say whether the window is full: enough events, or enough time since its beginning. */
  settle(now: number): boolean;
  clear(): void;
}

/** `last=100` or `ms=1000`, for keys; throws a usage error for a span that is not a whole number above 0. */
export const windowKey = (feature: string, span: WindowSpan, ...more: readonly (string | number | undefined)[]): string => {
  const [name, size] = 'last' in span ? (['last', span.last] as const) : (['ms', span.ms] as const);
  if (!Number.isInteger(size) || size < 1)
    throw usageError(
      'bad-feature-parameter',
      `${feature}: ${name} must be a whole number of ${name === 'last' ? 'events' : 'milliseconds'}, 1 or more, not ${String(size)}.`,
      `Give ${feature} a ${name} that is a whole number above 0.`,
    );
  return featureKey(feature, `${name}=${size}`, ...more);
};

/** Sums of `width` quantities per event over a window. A window of time grows to the most events that it ever held. */
export const eventWindow = (span: WindowSpan, width: number): EventWindow => {
  const byCount = 'last' in span;
  const most = byCount ? span.last : Infinity;
  const ms = byCount ? Infinity : span.ms;
  const stride = width + 1;
  let capacity = byCount ? span.last : 256;
  let ring = new Float64Array(capacity * stride);
  const sums = new Float64Array(width);
  /** The time now, and that of the first call. */
  const clock = new Float64Array([NaN, NaN]);
  let head = 0;
  let size = 0;
  const drop = (): void => {
    const base = head * stride;
    for (let k = 0; k < width; k++) sums[k] = sums[k]! - ring[base + 1 + k]!;
    head = head + 1 === capacity ? 0 : head + 1;
    size--;
  };
  const grow = (): void => {
    const wider = new Float64Array(2 * capacity * stride);
    for (let i = 0; i < size; i++) {
      const from = ((head + i) % capacity) * stride;
      wider.set(ring.subarray(from, from + stride), i * stride);
    }
    ring = wider;
    capacity *= 2;
    head = 0;
  };
  const expire = (now: number): void => {
    while (size > 0 && ring[head * stride]! <= now - ms) drop();
  };
  return {
    sums,
    at: now => {
      clock[0] = now;
      if (Number.isNaN(clock[1]!)) clock[1] = now;
      expire(now);
    },
    push: row => {
      if (size === most) drop();
      if (size === capacity) grow();
      const base = ((head + size) % capacity) * stride;
      ring[base] = clock[0]!;
      for (let k = 0; k < width; k++) {
        ring[base + 1 + k] = row[k]!;
        sums[k] = sums[k]! + row[k]!;
      }
      size++;
    },
    settle: now => {
      expire(now);
      return byCount ? size === most : now - clock[1]! >= ms;
    },
    clear: () => {
      size = 0;
      head = 0;
      sums.fill(0);
      clock.fill(NaN);
    },
  };
};
