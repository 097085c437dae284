import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BINANCE_VERDICTS } from '../../../src/live/ccxt/binance/binance-verdicts.js';
import { BYBIT_VERDICTS } from '../../../src/live/ccxt/bybit/bybit-verdicts.js';
import { failureIn, failureOf } from '../../../src/live/ccxt/failure.js';
import { BadMessage, parseVenueJson } from '../../../src/live/ccxt/reading.js';
import { redactor } from '../../../src/live/ccxt/redact.js';
import { stepText } from '../../../src/live/ccxt/steps.js';
import { ccxtVenue, venueSupport } from '../../../src/live/ccxt/venue-support.js';

const WALL = 1_700_000_000_000;
const plain = (text: string): string => text;

const judged = (venue: 'binance' | 'bybit', status: number, body: string, headers: Record<string, string> = {}): string => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const failure = failureIn(
    { status, headers, body, parsed },
    {
      verdicts: venue === 'binance' ? BINANCE_VERDICTS : BYBIT_VERDICTS,
      error: answer => {
        const { code, msg, retCode, retMsg } = answer as Record<string, unknown>;
        if (venue === 'bybit') return retCode === 0 ? null : { code: Number(retCode), message: String(retMsg) };
        return Number(code) < 0 ? { code: Number(code), message: String(msg) } : null;
      },
      redact: plain,
      wall: () => WALL,
    },
  );
  return failure === null ? 'good' : `${failure.kind} ${failure.code}${failure.until === null ? '' : ` +${failure.until - WALL}`}`;
};
const binance = (code: number, msg = 'x', status = 400): string => judged('binance', status, JSON.stringify({ code, msg }));
const bybit = (retCode: number): string => judged('bybit', 200, JSON.stringify({ retCode, retMsg: 'x' }));

describe('what may be concluded from a failure', () => {
  it('follows the codes of Binance', () => {
    for (const code of [-1000, -1001, -1006, -1007, -1008]) expect(binance(code)).toMatch(/^ambiguous/);
    expect([-1021, -5028].map(code => binance(code))).toEqual(['clock timestamp', 'clock timestamp']);
    expect([-2011, -2013].map(code => binance(code))).toEqual(['absent no-such-order', 'absent no-such-order']);
    for (const code of [-2014, -2015, -1022]) expect(binance(code)).toMatch(/^unauthorised/);
    const refused = {
      [-2019]: 'margin',
      [-5022]: 'post-only',
      [-2021]: 'would-trigger',
      [-4164]: 'min-notional',
      [-2022]: 'reduce-only',
      [-4116]: 'duplicate',
      [-4015]: 'duplicate',
    };
    for (const [code, ours] of Object.entries(refused)) expect(binance(Number(code))).toBe(`refused ${ours}`);
    expect(binance(-1013, 'Filter failure: MIN_NOTIONAL')).toBe('refused min-notional');
    expect(binance(-1013, 'Filter failure: PERCENT_PRICE')).toBe('refused price-band');
    expect(binance(-1013, 'Filter failure: LOT_SIZE')).toBe('refused quantity');
    expect(binance(-9999)).toBe('refused rejected');
    expect(judged('binance', 200, '{"code":200,"msg":"success"}')).toBe('good');
    expect(judged('binance', 200, '[]')).toBe('good');
  });

  it('is nothing where the answer points elsewhere, whatever it says besides', () => {
    for (const status of [301, 302, 307, 308])
      expect(judged('binance', status, '{"code":-2013,"msg":"x"}')).toBe(`ambiguous http-${status}`);
    expect(judged('bybit', 302, '{"retCode":110001,"retMsg":"x"}')).toBe('ambiguous http-302');
  });

  it('follows the codes of Bybit', () => {
    expect([10002, 110001, 10003, 10004, 110007, 110072, 110092, 110017, 110094].map(bybit)).toEqual([
      'clock timestamp',
      'absent no-such-order',
      'unauthorised key',
      'unauthorised signature',
      'refused margin',
      'refused duplicate',
      'refused would-trigger',
      'refused reduce-only',
      'refused min-notional',
    ]);
    expect(bybit(10006)).toBe('limited rate-limit');
    expect(bybit(10000)).toBe('ambiguous unknown-outcome');
    expect(bybit(0)).toBe('good');
    expect(judged('bybit', 200, '{"retCode":10006,"retMsg":"x"}', { 'X-Bapi-Limit-Reset-Timestamp': String(WALL + 900) })).toBe(
      'limited rate-limit +900',
    );
    expect(judged('bybit', 403, 'access too frequent')).toBe('limited firewall');
  });

  it('is nothing where the answer is not the venue speaking, whatever was asked', () => {
    for (const status of [500, 502, 503, 504]) {
      expect(judged('binance', status, '<html></html>')).toBe(`ambiguous http-${status}`);
      expect(binance(-2010, 'rejected', status)).toBe(`ambiguous http-${status}`);
    }
    expect(judged('binance', 200, '<html></html>')).toBe('ambiguous no-json');
    expect(judged('binance', 200, '')).toBe('ambiguous no-json');
    expect(judged('binance', 408, '{}')).toBe('ambiguous time-out');
    expect(judged('binance', 302, '')).toBe('ambiguous http-302');
  });

  it('is how long to wait, where the venue says so', () => {
    expect(judged('binance', 429, '{}', { 'Retry-After': '12' })).toBe('limited rate-limit +12000');
    expect(judged('binance', 418, `{"code":-1003,"msg":"banned until ${WALL + 120_000}"}`)).toBe('limited banned +120000');
    expect(judged('binance', 429, '<html>')).toBe('limited rate-limit');
  });

  it('is never more than that nothing is known, for an error of 5xx that says no', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), fc.integer({ min: -9999, max: -1000 }), (status, code) => {
        const verdict = binance(code, 'x', status).split(' ')[0];
        expect(['ambiguous', 'clock', 'limited']).toContain(verdict);
      }),
    );
  });

  it('tells a request that never left from one that may have arrived', () => {
    const kind = (error: Error): string => failureOf(error, 'POST order', plain).kind;
    const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
    expect(kind(named('NetworkError', 'binanceusdm POST https://x fetch failed: connect ECONNREFUSED 127.0.0.1:1'))).toBe('unavailable');
    expect(kind(named('NetworkError', 'getaddrinfo ENOTFOUND fapi.binance.com'))).toBe('unavailable');
    expect(kind(named('NetworkError', 'read ECONNRESET'))).toBe('ambiguous');
    expect(kind(named('RequestTimeout', 'request timed out (5000 ms)'))).toBe('ambiguous');
    expect(kind(new BadMessage('not-finite', 'price is NaN'))).toBe('ambiguous');
    expect(kind(new TypeError('undefined is not a function'))).toBe('ambiguous');
  });
});

describe('what is said of a failure', () => {
  it('has no key, secret, query, header or signature in it', () => {
    const redact = redactor(['mykey123', 'my+secret/=']);
    const signature = 'a'.repeat(64);
    const dirty = [
      'binanceusdm POST https://fapi.binance.com/fapi/v1/order?symbol=BTCUSDT&timestamp=1&signature=' + signature,
      'bad key mykey123 here',
      'secret my+secret/= and my%2Bsecret%2F%3D',
      'signature=0011 recvWindow=5000',
      '{"X-MBX-APIKEY":"abcdefgh"} X-BAPI-SIGN: 0011',
      signature,
    ];
    for (const text of dirty) expect(redact(text)).not.toMatch(/mykey123|my\+secret|my%2B|aaaaaaaa|0011|abcdefgh|BTCUSDT/);
    expect(redact('-2013 Order does not exist.')).toBe('-2013 Order does not exist.');
    expect(redact('x '.repeat(500)).length).toBeLessThanOrEqual(241);
  });
});

describe('numbers on the way to a venue', () => {
  it('are whole steps without a tail, or are not sent', () => {
    expect(stepText(3 * 0.1, 0.1, 'Price')).toBe('0.3');
    expect(stepText(100.1, 0.1, 'Price')).toBe('100.1');
    expect(stepText(0.000_000_3, 0.000_000_1, 'Price')).toBe('0.0000003');
    expect(stepText(20, 5, 'Price')).toBe('20');
    expect(() => stepText(100.07, 0.1, 'Price')).toThrow(/whole number/);
    for (const value of [0, -1, NaN, Infinity]) expect(() => stepText(value, 0.1, 'Price')).toThrow();
  });

  it('come back from their text as the same number of steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.constantFrom(0.1, 0.01, 0.001, 0.0001, 0.5, 0.05, 0.00001, 1, 10),
        (steps, step) => {
          const text = stepText(steps * step, step, 'Price');
          expect(Math.round(Number(text) / step)).toBe(steps);
          expect((text.split('.')[1] ?? '').length).toBeLessThanOrEqual(step < 1 ? step.toFixed(10).replace(/0+$/, '').length - 2 : 0);
        },
      ),
    );
  });
});

describe('text of a venue', () => {
  it('keeps every digit of long whole numbers and leaves the rest alone', () => {
    expect(
      parseVenueJson(
        '{"a":9007199254740993,"b":[{"id": -1234567890123456789 }],"c":"x:1234567890123456789,","d":0.1234567890123456789,"e":5}',
      ),
    ).toEqual({
      a: '9007199254740993',
      b: [{ id: '-1234567890123456789' }],
      c: 'x:1234567890123456789,',
      d: 0.12345678901234568,
      e: 5,
    });
  });

  it('reads as JSON does where there are no long numbers', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), json => {
        fc.pre(!/\d{16}/.test(json));
        expect(parseVenueJson(json)).toEqual(JSON.parse(json));
      }),
    );
  });
});

describe('a venue', () => {
  it('is one that there is a transport to', () => {
    expect(venueSupport('binanceusdm')).toMatchObject({ deadMan: 'countdown', conditionalIds: true });
    expect(venueSupport('bybit')).toMatchObject({ deadMan: 'disconnect', conditionalIds: false });
    expect(() => ccxtVenue('binanceusd')).toThrow(/Did you mean "binanceusdm"/);
  });
});
