/** Probability of one class by row, and whether it happened (1, 0); NaN in both where the forecast or the outcome is missing. */
export const classColumns = (
  probability: Float64Array,
  outcome: Float64Array,
  classes: number,
  of: number,
): { readonly forecast: Float64Array; readonly happened: Float64Array } => {
  const forecast = outcome.map((c, i) => (c >= 0 ? probability[i * classes + of]! : NaN));
  return { forecast, happened: forecast.map((p, i) => (Number.isNaN(p) ? NaN : outcome[i] === of ? 1 : 0)) };
};
