import { decimal } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';

/** A bar as REST gives it. The taker's half of the volume is stated, not known. */
export const klineShape = (
  [open, o, h, l, c, v]: readonly [number, number, number, number, number, number],
  ms: number,
  form: MarketForm,
): readonly unknown[] => [
  open,
  form.price(o),
  form.price(h),
  form.price(l),
  form.price(c),
  form.quantity(v),
  open + ms - 1,
  decimal(v * c, 5),
  0,
  form.quantity(v / 2),
  decimal((v * c) / 2, 5),
  '0',
];
