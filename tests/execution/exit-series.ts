/**
 * Share of the horizon that a Brownian walk of unit variance and `drift` stays between −below and above, by the eigenfunctions of the killed walk: an expansion that has nothing in common
 * with images. Source: Cox and Miller (1965), §5.7.
 */
export const heldBySeries = (drift: number, below: number, above: number): number => {
  const width = below + above;
  let held = 0;
  for (let n = 1; n <= 4000; n++) {
    const wave = (n * Math.PI) / width;
    const rate = (drift * drift + wave * wave) / 2;
    const start = (2 / width) * Math.sin(wave * below);
    // ∫ e^{drift·x} sin(wave (x + below)) dx over the interval.
    const mass = (Math.exp(-drift * below) * wave * (1 - (n % 2 === 0 ? 1 : -1) * Math.exp(drift * width))) / (drift * drift + wave * wave);
    held += (start * mass * (1 - Math.exp(-rate))) / rate;
  }
  return held;
};
