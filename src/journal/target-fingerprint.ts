import { createHash, type Hash } from 'node:crypto';
import type { FundingSettled } from '../events/account.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots, Ticks } from '../market/units.js';
import { AsciiText } from './ascii-text.js';
import type { SettlementTexts } from './settlement-texts.js';

// Characters by their codes.
const NEWLINE = 10;
const COMMA = 44;
const APPROVED = 65;
const FILL = 70;
const TARGET = 84;
const ACCEPTED = 97;

/** Characters of a symbol, at most; longer ones are for `Fingerprint`. */
export const LONGEST_SYMBOL = 256;
/** Characters of a reason that is gathered with other text, at most. */
const LONGEST_REASON = 1024;
/** More bytes than a fact takes: numbers, words, a symbol and a reason, at three bytes a UTF-16 unit. */
const ROOM = 512 + 3 * (LONGEST_SYMBOL + LONGEST_REASON);
const SIZE = 1 << 16;

/** Memory of a fingerprint under construction, to be handed on from one run to the next. */
export const fingerprintText = (): AsciiText => new AsciiText(SIZE);

/** Words that come again and again, as bytes. */
interface Word {
  readonly bytes: DataView;
  readonly length: number;
}

const wordOf = (text: string): Word => {
  const bytes = Buffer.from(text);
  // Words are moved by fours.
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return { bytes: new DataView(whole.buffer), length: bytes.length };
};

/** Reasons whose bytes are kept; a strategy that makes more is spelled anew each time. */
const KEPT_REASONS = 64;

/** A fill of a market order by its number in order of approval, in booking units. */
export interface FillFigures {
  readonly ts: number;
  readonly order: number;
  readonly buy: boolean;
  readonly price: Ticks;
  readonly lots: Lots;
  readonly fee: Amount;
  readonly slippage: Amount;
  readonly realised: Amount;
}

/**
 * `Fingerprint` of a run that has nothing but targets in one symbol, the market orders that meet them, their fills, and funding: the same bytes, without facts. Symbol and settlements are spelled once for
 * all runs, and what is left to write are numbers.
 */
export class TargetFingerprint {
  private readonly _hash: Hash = createHash('sha256');
  private readonly _symbol: Word;
  private readonly _buys: Word;
  private readonly _sells: Word;
  private readonly _bought: Word;
  private readonly _sold: Word;
  private readonly _opens = wordOf(',null,null,gtc,false,false\n');
  private readonly _reduces = wordOf(',null,null,gtc,false,true\n');
  private readonly _taker = wordOf(',taker,');
  private readonly _reasons = new Map<string, Word>();
  /** The reason given last, which mostly comes again in turn with another. */
  private _lastReason = '';
  private _lastWord = wordOf('');

  constructor(
    symbol: Symbol,
    private readonly _text: AsciiText,
  ) {
    this._symbol = wordOf(`,${symbol},`);
    this._buys = wordOf(`,${symbol},buy,market,`);
    this._sells = wordOf(`,${symbol},sell,market,`);
    this._bought = wordOf(`,${symbol},buy,`);
    this._sold = wordOf(`,${symbol},sell,`);
  }

  /** Funding was paid, as a settlement of these texts has it. */
  paid(
    texts: SettlementTexts,
    row: number,
    { ts, rate, markPrice, lots, amount }: Pick<FundingSettled, 'ts' | 'rate' | 'markPrice' | 'lots' | 'amount'>,
  ): void {
    const text = this._room();
    const at = texts.place(row, ts, rate, markPrice);
    text.copy(texts.bytes, at, texts.head(row));
    text.number(lots);
    text.copy(texts.bytes, at + texts.tail, texts.middle(row));
    text.number(amount);
    text.code(NEWLINE);
  }

  targeted(ts: number, exposure: number, reason: string): void {
    const text = this._room();
    text.code(TARGET);
    text.number(ts);
    this._word(this._symbol);
    text.number(exposure);
    text.code(COMMA);
    this._reason(reason);
    text.code(NEWLINE);
  }

  /** A market order was approved. */
  approved(ts: number, buy: boolean, lots: Lots, reduceOnly: boolean): void {
    const text = this._room();
    text.code(APPROVED);
    text.number(ts);
    this._word(buy ? this._buys : this._sells);
    text.number(lots);
    this._word(reduceOnly ? this._reduces : this._opens);
  }

  /** The venue took an order that nobody approved. */
  accepted(ts: number, orderId: string): void {
    const text = this._room();
    text.code(ACCEPTED);
    text.number(ts);
    text.code(COMMA);
    text.text(orderId);
    text.code(NEWLINE);
  }

  /** An order was filled; one that nobody approved has an id instead of a number. */
  filled({ ts, order, buy, price, lots, fee, slippage, realised }: FillFigures, orderId: string | null = null): void {
    const text = this._room();
    text.code(FILL);
    text.number(ts);
    text.code(COMMA);
    if (orderId === null) text.number(order);
    else text.text(orderId);
    this._word(buy ? this._bought : this._sold);
    text.number(price);
    text.code(COMMA);
    text.number(lots);
    text.code(COMMA);
    text.number(fee);
    this._word(this._taker);
    text.number(slippage);
    text.code(COMMA);
    text.number(realised);
    text.code(NEWLINE);
  }

  /** 64 hex digits. Nothing may follow. */
  digest(): string {
    this._hash.update(this._text.take());
    return this._hash.digest('hex');
  }

  private _word({ bytes, length }: Word): void {
    this._text.copy(bytes, 0, length);
  }

  private _reason(reason: string): void {
    if (reason.length > LONGEST_REASON) {
      this._hash.update(this._text.take());
      this._hash.update(reason);
      return;
    }
    if (reason !== this._lastReason) {
      this._lastReason = reason;
      let word = this._reasons.get(reason);
      if (word === undefined) {
        if (this._reasons.size === KEPT_REASONS) this._reasons.clear();
        this._reasons.set(reason, (word = wordOf(reason)));
      }
      this._lastWord = word;
    }
    this._word(this._lastWord);
  }

  /** The text, with room for a fact. */
  private _room(): AsciiText {
    if (this._text.left < ROOM) this._hash.update(this._text.take());
    return this._text;
  }
}
