import { expect, test } from 'vitest';
import { aligned, decimal, money, percent, quantity, signedPercent, span } from '../../src/reports/number-text.js';
import { DAY, HOUR, MINUTE } from '../../src/time.js';

test('thousands are grouped and minus is a minus', () => {
  expect(decimal(-1234567.891)).toBe('−1,234,567.89');
  expect(quantity(-0.00012345)).toBe('−0.00012345');
});

test('what rounds to zero has no sign', () => {
  expect(decimal(-0.001)).toBe('0.00');
  expect(signedPercent(0.00001)).toBe('0.0%');
  expect(signedPercent(-0.00001)).toBe('0.0%');
});

test('what is not a number is a dash', () => {
  for (const text of [decimal, percent, money, quantity, span])
    for (const value of [NaN, Infinity, -Infinity]) expect(text(value)).toBe('–');
});

test('percentages are percentages', () => {
  expect(percent(0.1234)).toBe('12.3%');
  expect(signedPercent(0.1234)).toBe('+12.3%');
  expect(signedPercent(-0.1234)).toBe('−12.3%');
});

test('money keeps as many decimals as it deserves', () => {
  expect([1_234_567.8, 1_234.5, 0.0012345, 0].map(money)).toEqual(['1,234,568', '1,234.50', '0.001235', '0']);
});

test('a column has as many decimals as its finest number', () => {
  expect(aligned([43_798.6, 46_872.12, 3])).toEqual(['43,798.60', '46,872.12', '3.00']);
  expect(aligned([1, 20])).toEqual(['1', '20']);
});

test('times are given in two units at most and never as 24 hours or 60 minutes', () => {
  expect(span(2 * DAY - MINUTE)).toBe('2 d');
  expect(span(HOUR - 1)).toBe('60 min');
  expect(span(3 * DAY + 4 * HOUR)).toBe('3 d 4 h');
  expect(span(2 * HOUR - 1)).toBe('2 h');
  expect(span(90 * MINUTE)).toBe('1 h 30 min');
  expect(span(45 * DAY)).toBe('45 d');
  expect(span(730 * DAY)).toBe('2.0 y');
});
