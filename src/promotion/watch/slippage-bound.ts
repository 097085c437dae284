/** Fills, in the square of their deviation, around which the bound is tightest: ρ of the mixture, for about 200 fills at a chance of 0.5 %. */
const TIGHTEST = 15;

/**
 * How far the mean of `fills` may ever lie above the true one, in the unit of `sd`, with chance at most `alpha` over all fills to come: a bound that may be looked at after every fill. Exact for normal errors of known deviation,
 * good from a few dozen fills otherwise.
 * Source: Howard, Ramdas, McAuliffe & Sekhon, Time-Uniform, Nonparametric, Nonasymptotic Confidence Sequences, Annals of Statistics 49 (2021), one-sided normal mixture, closed form.
 */
export const meanBound = (fills: number, sd: number, alpha: number): number =>
  (sd / fills) * Math.sqrt(2 * (fills + TIGHTEST) * Math.log((0.5 / alpha) * Math.sqrt((fills + TIGHTEST) / TIGHTEST) + 1));
