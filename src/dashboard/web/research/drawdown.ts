/** How far each value is below the highest before it, as a fraction: 0 at a peak, −0.1 ten per cent below. */
export const drawdownOf = (equity: readonly number[]): readonly number[] => {
  let peak = -Infinity;
  return equity.map(value => {
    peak = Math.max(peak, value);
    return peak > 0 ? value / peak - 1 : 0;
  });
};
