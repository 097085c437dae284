import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bool, choice, float, int, resolveParams } from '../../src/strategies/params.js';

const SPACE = {
  fast: int(5, 60, { default: 20 }),
  width: float(0.5, 4, { default: 2 }),
  mode: choice(['trend', 'revert'] as const),
  shorts: bool({ default: true }),
};
const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    const { message: text, fix } = error as { message: string; fix?: string };
    return `${text}${fix === undefined ? '' : ` ${fix}`}`;
  }
  return 'no error';
};

describe('parameters', () => {
  it('are their defaults, overlaid with what was given, as text or as values', () => {
    expect(resolveParams(SPACE, {})).toEqual({ fast: 20, width: 2, mode: 'trend', shorts: true });
    expect(resolveParams(SPACE, { fast: '7', width: '1.25', mode: 'revert', shorts: 'false' })).toEqual({
      fast: 7,
      width: 1.25,
      mode: 'revert',
      shorts: false,
    });
    expect(resolveParams(SPACE, { fast: 8, width: 3, shorts: false, mode: undefined })).toMatchObject({
      fast: 8,
      width: 3,
      shorts: false,
      mode: 'trend',
    });
    expect(resolveParams(SPACE, { shorts: 'true' }).shorts).toBe(true);
  });

  it('include both ends of their range and nothing beyond', () => {
    expect([5, 60].map(fast => resolveParams(SPACE, { fast }).fast)).toEqual([5, 60]);
    expect([0.5, 4].map(width => resolveParams(SPACE, { width }).width)).toEqual([0.5, 4]);
    expect(message(() => resolveParams(SPACE, { fast: 61 }))).toBe('Parameter fast lies between 5 and 60; 61 does not.');
    expect(message(() => resolveParams(SPACE, { fast: 4 }))).toMatch(/4 does not/);
    expect(message(() => resolveParams(SPACE, { width: 4.0001 }))).toMatch(/4.0001 does not/);
  });

  it('are refused in one sentence when they are of the wrong kind', () => {
    expect(message(() => resolveParams(SPACE, { fast: 7.5 }))).toBe('Parameter fast is a whole number, not "7.5".');
    for (const width of ['', '  ', 'x', NaN, Infinity, true, null, [2]])
      expect(message(() => resolveParams(SPACE, { width }))).toBe(`Parameter width is a number, not "${String(width)}".`);
    expect(message(() => resolveParams(SPACE, { shorts: 'yes' }))).toBe('Parameter shorts is true or false, not "yes".');
    expect(message(() => resolveParams(SPACE, { mode: 'trand' }))).toBe(
      'Parameter mode is one of trend, revert, not "trand". Did you mean "trend"?',
    );
  });

  it('of an unknown name are refused, with the nearest known one', () => {
    expect(message(() => resolveParams(SPACE, { fsat: 7 }))).toBe(
      'There is no parameter "fsat". Did you mean "fast"? Parameters: fast, width, mode, shorts.',
    );
    // Names that every object inherits are no parameters either.
    expect(message(() => resolveParams(SPACE, { constructor: 1 }))).toMatch(/There is no parameter "constructor"/);
    expect(message(() => resolveParams({}, { a: 1 }))).toMatch(/Parameters: none\./);
  });

  it('must satisfy the constraint together, defaults included', () => {
    const space = { fast: int(1, 50, { default: 10 }), slow: int(1, 50, { default: 20 }) };
    const constraint = (p: { fast: number; slow: number }): boolean => p.fast < p.slow;
    expect(resolveParams(space, { fast: 19 }, constraint).fast).toBe(19);
    expect(message(() => resolveParams(space, { fast: 20 }, constraint))).toBe(
      'These parameters do not satisfy the strategy\'s constraint: {"fast":20,"slow":20}.',
    );
  });

  it('resolve to the same values again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), fc.double({ min: 0.5, max: 4, noNaN: true }), (fast, width) => {
        const values = resolveParams(SPACE, { fast: String(fast), width: String(width) });
        expect(values).toMatchObject({ fast, width });
        expect(resolveParams(SPACE, values)).toEqual(values);
      }),
    );
  });
});

describe('declaring parameters', () => {
  it('refuses a range that is empty, a default outside it, and a log scale that reaches zero', () => {
    expect(message(() => int(5, 4, { default: 5 }))).toBe('int(5, 4) is empty.');
    expect(message(() => int(5, 10, { default: 11 }))).toBe('int(5, 10) has the default 11 outside its range.');
    expect(message(() => float(0.5, 1, { default: 0.4 }))).toBe('float(0.5, 1) has the default 0.4 outside its range.');
    expect(message(() => float(NaN, 1, { default: 0.4 }))).toMatch(/is empty/);
    expect(message(() => int(0, 10, { default: 1, log: true }))).toMatch(/cannot be on a log scale/);
    expect(message(() => float(0, 1, { default: 1, log: true }))).toMatch(/cannot be on a log scale/);
    expect(int(1, 10, { default: 1, log: true }).log).toBe(true);
  });

  it('refuses fractions where whole numbers are due, and steps that lead nowhere', () => {
    expect(message(() => int(0.5, 4, { default: 1 }))).toBe('int(0.5, 4) takes whole numbers.');
    expect(message(() => int(1, 4, { default: 1, step: 0 }))).toMatch(/takes whole numbers/);
    expect(message(() => float(1, 4, { default: 1, step: 0 }))).toMatch(/has a step that is not above 0/);
    expect(message(() => choice([]))).toBe('choice() needs at least one value.');
  });

  it('fills in step, scale and the first choice', () => {
    expect(int(1, 9, { default: 3 })).toEqual({ kind: 'int', min: 1, max: 9, step: 1, log: false, default: 3, search: true });
    expect(float(1, 9, { default: 3, step: 0.5 })).toEqual({
      kind: 'float',
      min: 1,
      max: 9,
      step: 0.5,
      log: false,
      default: 3,
      search: true,
    });
    expect(choice(['a', 'b'], { default: 'b' }).default).toBe('b');
    expect(choice(['a', 'b']).default).toBe('a');
  });
});
