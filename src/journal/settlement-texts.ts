import { AsciiText } from './ascii-text.js';

/** Most bytes of a number in a fact's text. */
const NUMBER = 25;
const PAYMENT = 80;
const COMMA = 44;

/**
 * What the text of a payment says of its settlement: when, of which symbol, at which rate and mark price. Each run over the same data says it again, so it is spelled once; what a run adds are lots and amount.
 */
export class SettlementTexts {
  /** The head of each settlement's text (letter, time, symbol, rate), and from `tail` bytes on what comes between lots and amount (mark price), each with its commas. */
  readonly bytes: DataView;
  readonly tail: number;
  private readonly _stride: number;
  private readonly _lengths: Uint16Array;
  /** Time, rate and mark price of what has been spelled. */
  private readonly _told: Float64Array;
  private readonly _text: AsciiText;

  constructor(
    readonly symbol: string,
    rows: number,
  ) {
    const whole = (n: number): number => Math.ceil(n / 4) * 4;
    this.tail = whole(4 + 2 * NUMBER + 3 * symbol.length);
    this._stride = this.tail + whole(2 + NUMBER);
    this.bytes = new DataView(new ArrayBuffer(rows * this._stride));
    this._lengths = new Uint16Array(2 * rows);
    this._told = new Float64Array(3 * rows).fill(NaN);
    this._text = new AsciiText(this._stride);
  }

  /** Place of a settlement's text. Spells it if it has not been, or has been for other figures. */
  place(row: number, ts: number, rate: number, markPrice: number): number {
    const told = this._told;
    const at = row * this._stride;
    if (told[3 * row] !== ts || told[3 * row + 1] !== rate || told[3 * row + 2] !== markPrice) this._spell(row, at, ts, rate, markPrice);
    return at;
  }

  /** Bytes of the head of a settlement's text. */
  head(row: number): number {
    return this._lengths[2 * row]!;
  }

  /** And of what comes between lots and amount. */
  middle(row: number): number {
    return this._lengths[2 * row + 1]!;
  }

  private _spell(row: number, at: number, ts: number, rate: number, markPrice: number): void {
    const text = this._text;
    text.code(PAYMENT);
    text.number(ts);
    text.code(COMMA);
    text.text(this.symbol);
    text.code(COMMA);
    text.number(rate);
    text.code(COMMA);
    this._lengths[2 * row] = this._keep(at);
    text.code(COMMA);
    text.number(markPrice);
    text.code(COMMA);
    this._lengths[2 * row + 1] = this._keep(at + this.tail);
    this._told.set([ts, rate, markPrice], 3 * row);
  }

  private _keep(at: number): number {
    const spelled = this._text.take();
    new Uint8Array(this.bytes.buffer).set(spelled, at);
    return spelled.length;
  }
}

const known = new WeakMap<Float64Array, SettlementTexts>();

/** Texts of the settlements of a column of times, the same object for all runs over it. */
export const settlementTexts = (ts: Float64Array, symbol: string): SettlementTexts => {
  let found = known.get(ts);
  if (found?.symbol !== symbol) known.set(ts, (found = new SettlementTexts(symbol, ts.length)));
  return found;
};
