/**
 * Probability that a row in which it happened had the higher forecast than one in which it did not, ties counting half: area under the receiver operating
 * characteristic. 0.5 is no skill at telling apart; says nothing of calibration. `happened` is 1 or 0; rows with NaN in either are left out; NaN when all or none
 * happened. Source: H. B. Mann & D. R. Whitney, Annals of Mathematical Statistics 18 (1947); Hanley & McNeil, Radiology 143 (1982).
 */
export const auc = (forecast: Float64Array, happened: Float64Array): number => {
  const of = (outcome: number): Float64Array => forecast.filter((f, i) => happened[i] === outcome && !Number.isNaN(f)).sort();
  const positives = of(1);
  const negatives = of(0);
  let right = 0;
  let below = 0;
  let notAbove = 0;
  for (const f of positives) {
    while (below < negatives.length && negatives[below]! < f) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= f) notAbove++;
    right += (below + notAbove) / 2;
  }
  return right / (positives.length * negatives.length);
};
