import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../../src/live/secrets/redactor.js';
import { Secret } from '../../../src/live/secrets/secret.js';

const CANARY = 'cAnArY+9f/3"k&e y=ß-0147';

describe('a secret', () => {
  it('shows itself to no printing, joining, copying or inspection', () => {
    const secret = new Secret(CANARY);
    const shown = [
      `${secret}`,
      String(secret),
      secret + '',
      JSON.stringify({ secret, list: [secret] }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ secret }, { showHidden: true, depth: 9, getters: true }),
      inspect(new Map([[secret, secret]]), { showHidden: true }),
      Object.entries(secret).join(),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
      JSON.stringify({ ...secret }),
    ];
    for (const text of shown) expect(text).not.toContain('cAnArY');
    expect(shown[0]).toBe('[secret]');
    expect(secret.reveal()).toBe(CANARY);
  });
});

describe('the redactor', () => {
  const hide = redactor([new Secret(CANARY)]);

  it('hides a value in whatever spelling it leaves', () => {
    const bytes = Buffer.from(CANARY);
    const spellings = [
      CANARY,
      JSON.stringify(CANARY),
      encodeURIComponent(CANARY),
      new URLSearchParams({ q: CANARY }).toString(),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
    ];
    for (const spelling of spellings) {
      const text = hide.text(`before ${spelling} after`);
      expect(text).toContain('[secret]');
      expect(text).toMatch(/^before .* after$/);
      expect(text).not.toContain(spelling.slice(4, 20));
    }
  });

  it('hides base64 in its other alphabet too', () => {
    const value = '>>>???>>>???';
    expect(Buffer.from(value).toString('base64')).toBe('Pj4+Pz8/Pj4+Pz8/');
    for (const text of ['Pj4+Pz8/Pj4+Pz8/', 'Pj4-Pz8_Pj4-Pz8_', 'Pj4%2BPz8%2FPj4%2BPz8%2F'])
      expect(redactor([new Secret(value)]).text(text)).toBe('[secret]');
  });

  it('hides it inside longer texts in base64, whatever stands before and behind', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 7 }), fc.uint8Array({ maxLength: 7 }), (before, after) => {
        const text = Buffer.concat([before, Buffer.from(CANARY), after]).toString('base64');
        const left = hide.text(text);
        expect(left).toContain('[secret]');
        expect(left.length).toBeLessThan(before.length * 1.4 + after.length * 1.4 + 20);
      }),
    ));

  it('leaves other text as it is', () =>
    fc.assert(
      fc.property(fc.string(), text => {
        fc.pre(!/[=:]/.test(text));
        expect(hide.text(text)).toBe(text);
      }),
    ));

  it('hides what stands behind the name of a secret field, also of keys that it was never told', () => {
    const texts = {
      'POST /fapi/v1/order?symbol=BTCUSDT&timestamp=1&signature=0a1b2c3d HTTP/1.1':
        'POST /fapi/v1/order?symbol=BTCUSDT&timestamp=1&signature=[secret] HTTP/1.1',
      'wss://x/private/ws?listenKey=pqia91&events=ALL': 'wss://x/private/ws?listenKey=[secret]&events=ALL',
      'X-MBX-APIKEY: abcdef': 'X-MBX-APIKEY: [secret]',
      '{"apiKey":"abc","secret":"def","symbol":"BTC"}': '{"apiKey":"[secret]","secret":"[secret]","symbol":"BTC"}',
      "{ 'X-BAPI-SIGN': 'abc', 'Content-Type': 'json' }": "{ 'X-BAPI-SIGN': '[secret]', 'Content-Type': 'json' }",
      'Authorization: Bearer abc.def': 'Authorization: Bearer [secret]',
      'Cookie: a=1; b=2\nHost: x': 'Cookie: [secret]\nHost: x',
    };
    for (const [text, expected] of Object.entries(texts)) expect(redactor().text(text)).toBe(expected);
  });

  it('goes through objects, lists, maps, errors and what caused them', () => {
    const error = Object.assign(new Error(`refused: ${CANARY}`, { cause: new Error(CANARY) }), {
      request: { headers: { 'X-MBX-APIKEY': 'zzz' } },
    });
    const circular: Record<string, unknown> = {
      error,
      list: [CANARY, new Map([[CANARY, new Set([CANARY])]])],
      apiKey: 'zzz',
      secret: new Secret('zzz'),
      n: 1,
      none: null,
    };
    circular['self'] = circular;
    circular['bytes'] = Buffer.from(CANARY);
    const clean = hide.value(circular);
    const text = inspect(clean, { depth: 20, showHidden: true }) + JSON.stringify(clean);
    expect(text).not.toContain('cAnArY');
    expect(text).not.toContain('zzz');
    expect(clean).toMatchObject({
      n: 1,
      none: null,
      self: '[circular]',
      error: { name: 'Error', message: 'refused: [secret]', cause: { message: '[secret]' } },
    });
    expect(hide.value('plain')).toBe('plain');
    expect(hide.value(3)).toBe(3);
  });

  it('hides another secret from when it is told of it, the longer of two that contain each other first', () => {
    const growing = redactor();
    growing.add(new Secret('alpha-beta'));
    expect(growing.text('alpha-beta-gamma')).toBe('[secret]-gamma');
    growing.add(new Secret('alpha-beta-gamma'));
    expect(growing.text('alpha-beta-gamma')).toBe('[secret]');
  });

  it('does not hide words of the language that happen to be a password', () => {
    expect(redactor([new Secret('buy')]).text('buy 3 at 100')).toBe('buy 3 at 100');
  });
});
