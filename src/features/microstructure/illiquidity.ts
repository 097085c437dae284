import { rollingSum } from '../windows/rolling-sum.js';

/** Basis points per million: 1e4 ÷ 1e-6. */
const SCALE = 1e10;

/**
 * Mean of |log return| ÷ money traded over the last n steps in which something traded, in basis points per million of money; 0 when nothing traded in n steps, NaN until there were so many.
 * Y. Amihud, Illiquidity and stock returns, Journal of Financial Markets 5 (2002).
 */
export const illiquidity = (n: number): ((size: number, money: number) => number) => {
  const ratios = rollingSum(n);
  const traded = rollingSum(n);
  return (size, money) => {
    const ratio = ratios(money > 0 ? size / money : 0);
    const count = traded(money > 0 ? 1 : 0);
    return count === 0 ? 0 : (SCALE * ratio) / count;
  };
};
