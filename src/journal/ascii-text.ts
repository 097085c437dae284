/** Decimals that are looked for before a number is left to the language: those of prices, then those of rates. */
const HUNDREDTHS = { scale: 100, places: 2 } as const;
const SMALLEST = { scale: 1e8, places: 8 } as const;

/** Numbers of up to so many digits have one decimal that is closest: no other of that length is the same double. */
const UNIQUE = 1e15;
const LOW = 1e9;
const LOW_PLACES = 9;

/**
 * Text under construction as bytes, with numbers written exactly as a template string writes them, several times as fast. There must be room for what is written: ask `left` first.
 */
export class AsciiText {
  private readonly _bytes: Buffer;
  private readonly _words: DataView;
  private _used = 0;

  constructor(size: number) {
    this._bytes = Buffer.allocUnsafe(size);
    this._words = new DataView(this._bytes.buffer, this._bytes.byteOffset, size);
  }

  /** Bytes that can still be written; a number takes at most 25, a UTF-16 unit at most three. */
  get left(): number {
    return this._bytes.length - this._used;
  }

  /** What has been written; valid until more is. Writing begins anew. */
  take(): Uint8Array {
    const taken = this._bytes.subarray(0, this._used);
    this._used = 0;
    return taken;
  }

  /** One character of ASCII by its code. */
  code(code: number): void {
    this._bytes[this._used++] = code;
  }

  /** Bytes that were written before. They are moved by fours, so up to three more than asked for must be there to be read, and may be written over. */
  copy(from: DataView, at: number, length: number): void {
    const words = this._words;
    const used = this._used;
    for (let i = 0; i < length; i += 4) words.setInt32(used + i, from.getInt32(at + i));
    this._used = used + length;
  }

  text(text: string): void {
    const start = this._used;
    const bytes = this._bytes;
    let at = start;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this._used = start + bytes.write(text, start);
        return;
      }
      bytes[at++] = code;
    }
    this._used = at;
  }

  number(x: number): void {
    const size = Math.abs(x);
    if (size < UNIQUE && Math.floor(size) === size) {
      if (x < 0) this.code(45);
      this._whole(size);
    } else if (!(size < UNIQUE && size >= 1e-6 && (this._decimal(x, HUNDREDTHS) || this._decimal(x, SMALLEST)))) this.text(spelled(x));
  }

  /** Write a number if it is one of so few decimals. */
  private _decimal(x: number, { scale, places }: { readonly scale: number; readonly places: number }): boolean {
    const size = Math.abs(x);
    const n = Math.round(size * scale);
    if (!(n < UNIQUE && n / scale === size)) return false;
    if (x < 0) this.code(45);
    const whole = Math.floor(size);
    this._whole(whole);
    this.code(46);
    let fraction = n - whole * scale;
    let digits = places;
    while (fraction % 10 === 0) {
      fraction /= 10;
      digits--;
    }
    this._digits(fraction, digits);
    return true;
  }

  private _whole(n: number): void {
    if (n < LOW) return this._digits(n, length(n));
    const high = Math.floor(n / LOW);
    this._digits(high, length(high));
    this._digits(n - high * LOW, LOW_PLACES);
  }

  private _digits(n: number, places: number): void {
    let rest = n | 0;
    const bytes = this._bytes;
    const start = this._used;
    const end = start + places;
    let at = end - 1;
    for (; at > start; at -= 2) {
      const next = (rest / 100) | 0;
      const pair = (rest - next * 100) * 2;
      bytes[at - 1] = PAIRS[pair]!;
      bytes[at] = PAIRS[pair + 1]!;
      rest = next;
    }
    if (at === start) bytes[at] = 48 + (rest % 10);
    this._used = end;
  }
}

/** Characters of the numbers 00 to 99. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => 48 + (i % 2 === 0 ? Math.floor(i / 20) : (i >> 1) % 10));

/** Several times as many places as a market of ten years has rates of funding, or half of them would share a place. */
const KEPT = 1 << 16;
const keptNumbers = new Float64Array(KEPT).fill(NaN);
const keptTexts = Array.from({ length: KEPT }, () => '');
const bits = new Float64Array(1);
const halves = new Uint32Array(bits.buffer);

/** A number as the language writes it. Texts of long fractions are kept: the rates of a market come up again in each run over it. */
const spelled = (x: number): string => {
  bits[0] = x;
  const place = (Math.imul(halves[0]! ^ Math.imul(halves[1]!, 0x9e3779b1), 0x85ebca6b) >>> 16) % KEPT;
  if (keptNumbers[place] === x) return keptTexts[place]!;
  keptNumbers[place] = x;
  return (keptTexts[place] = String(x));
};

/** Digits of a whole number below a billion. */
const length = (n: number): number => {
  let places = 1;
  for (let limit = 10; n >= limit; limit *= 10) places++;
  return places;
};
