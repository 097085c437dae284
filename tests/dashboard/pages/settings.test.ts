import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { passwordFault } from '../../../src/dashboard/web/settings/password-fault.js';
import { settingGroups } from '../../../src/dashboard/web/settings/setting-groups.js';
import { settingInput, shownText, typedValue } from '../../../src/dashboard/web/settings/setting-input.js';
import { PromotionConfig } from '../../../src/promotion/promotion-config.js';

const schemaOf = (type: z.ZodType): unknown => z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
const inputOf = (type: z.ZodType) => settingInput(schemaOf(type));

describe('the field of a setting', () => {
  it('is chosen by the schema that zod writes', () => {
    expect(inputOf(z.number().min(0).max(1))).toMatchObject({ kind: 'number', integer: false, min: 0, max: 1 });
    expect(inputOf(z.number().int().positive())).toMatchObject({ kind: 'number', integer: true, min: 0, max: null, exclusive: true });
    expect(inputOf(z.boolean())).toEqual({ kind: 'boolean' });
    expect(inputOf(z.string())).toEqual({ kind: 'text' });
    expect(inputOf(z.enum(['halt', 'reduce']))).toEqual({ kind: 'choice', values: ['halt', 'reduce'] });
    expect(inputOf(z.union([z.literal('a'), z.literal('b')]))).toEqual({ kind: 'choice', values: ['a', 'b'] });
    expect(inputOf(z.array(z.number()))).toEqual({ kind: 'list', of: 'number' });
    expect(inputOf(z.array(z.string()))).toEqual({ kind: 'list', of: 'text' });
    expect(inputOf(z.number().nullable())).toMatchObject({ kind: 'number' });
    expect(inputOf(z.union([z.number(), z.string()]))).toEqual({ kind: 'json' });
    expect(inputOf(z.strictObject({ a: z.number() }))).toEqual({ kind: 'json' });
    expect(inputOf(PromotionConfig.shape.approvalExpires)).toEqual({ kind: 'text' });
  });

  it('gives back the value that it shows', () => {
    const cases: readonly (readonly [z.ZodType, fc.Arbitrary<unknown>])[] = [
      [z.number(), fc.double({ noNaN: true, noDefaultInfinity: true })],
      [z.number().int(), fc.integer()],
      [z.boolean(), fc.boolean()],
      [z.enum(['a', 'b']), fc.constantFrom('a', 'b')],
      [z.array(z.number()), fc.array(fc.integer(), { minLength: 1 })],
      [z.array(z.string()), fc.array(fc.stringMatching(/^\w+$/), { minLength: 1 })],
      [z.looseObject({}), fc.dictionary(fc.stringMatching(/^\w+$/), fc.jsonValue())],
    ];
    for (const [type, values] of cases) {
      const input = inputOf(type);
      fc.assert(
        fc.property(values, value => {
          const same = JSON.parse(JSON.stringify(value)) as unknown;
          expect(typedValue(input, shownText(input, same))).toEqual({ value: same, fault: null });
        }),
      );
    }
  });

  it('takes nothing that the schema refuses where the field is a number', () => {
    const type = z.number().int().min(1).max(5);
    const input = inputOf(type);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.integer({ min: -2, max: 8 }).map(String)), text => {
        fc.pre(text.trim() !== '');
        const typed = typedValue(input, text);
        if (typed.fault === null) expect(type.safeParse(typed.value).success).toBe(true);
      }),
    );
    expect(typedValue(input, '6')).toEqual({ fault: 'Not over 5.' });
    expect(typedValue(input, '2.5')).toEqual({ fault: 'A whole number.' });
    expect(typedValue(input, 'x')).toEqual({ fault: 'A number.' });
  });

  it('goes back to the default when it is emptied', () => {
    for (const type of [z.number(), z.boolean(), z.string(), z.array(z.number()), z.looseObject({})])
      expect(typedValue(inputOf(type), ' ')).toEqual({ value: null, fault: null });
  });

  it('says what is wrong with JSON', () => {
    expect(typedValue({ kind: 'json' }, '{').fault).toMatch(/^No JSON: /);
  });
});

describe('groups of settings', () => {
  const setting = (key: string, source = 'default', text = '') => ({ key, value: 1, default: 1, source, schema: {}, text, editable: true });
  const all = [
    setting('promotion.persons'),
    setting('seed'),
    setting('fees.taker', 'settings.json', 'Fee of an order that takes'),
    setting('fees.maker'),
  ];

  it('are named by the first word of a key, general first', () => {
    expect(settingGroups(all, { text: '', changedOnly: false }).map(({ name, settings }) => [name, settings.length])).toEqual([
      ['general', 1],
      ['fees', 2],
      ['promotion', 1],
    ]);
  });

  it('hold what has every word that is searched for', () => {
    const keys = (text: string, changedOnly = false): readonly string[] =>
      settingGroups(all, { text, changedOnly }).flatMap(({ settings }) => settings.map(({ key }) => key));
    expect(keys('FEE takes')).toEqual(['fees.taker']);
    expect(keys('', true)).toEqual(['fees.taker']);
    expect(keys('nothing like it')).toEqual([]);
  });
});

describe('a new password', () => {
  const good = { current: 'what it was', password: 'long enough for it', again: 'long enough for it', hasPassword: true };

  it('is sent when it is long enough and typed twice alike', () => {
    expect(passwordFault(good)).toEqual({});
    expect(passwordFault({ ...good, hasPassword: false, current: '' })).toEqual({});
  });

  it('is held back else', () => {
    expect(Object.keys(passwordFault({ ...good, current: '' }))).toEqual(['current']);
    expect(Object.keys(passwordFault({ ...good, password: 'short', again: 'short' }))).toEqual(['password']);
    expect(Object.keys(passwordFault({ ...good, again: 'another' }))).toEqual(['again']);
  });
});
