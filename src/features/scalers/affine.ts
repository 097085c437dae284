/** How far from the centre a scaled number may be, in units of the spread: what is further is held there, so that one broken tick does not rule a model. */
const CLIP = 8;

/** A shift and a stretch for each column. A spread of 0 marks a column that did not vary: all its numbers become 0. */
export interface AffineState {
  readonly kind: 'none' | 'z' | 'robust';
  readonly centre: readonly number[];
  readonly spread: readonly number[];
}

/** Scales a row of `width` numbers from `offset` of `row` into `out`, which may be `row` itself. NaN stays NaN. Allocates nothing. */
export type RowScaler = (row: Float64Array, offset: number, out: Float64Array, outOffset: number) => void;

/** (x − centre) ÷ spread, held within ±8; `none` passes numbers on untouched. */
export const applyAffine = ({ kind, centre, spread }: AffineState): RowScaler => {
  const width = centre.length;
  if (kind === 'none')
    return (row, offset, out, outOffset) => {
      for (let k = 0; k < width; k++) out[outOffset + k] = row[offset + k]!;
    };
  const centres = Float64Array.from(centre);
  const stretch = Float64Array.from(spread, s => (s > 0 ? 1 / s : 0));
  return (row, offset, out, outOffset) => {
    for (let k = 0; k < width; k++) {
      const x = row[offset + k]!;
      const d = (x - centres[k]!) * stretch[k]!;
      out[outOffset + k] = d > CLIP ? CLIP : d < -CLIP ? -CLIP : x - x === 0 ? d : beyond(x);
    }
  };
};

/** A number that is not finite: an infinity is as far out as can be, a NaN is missing. */
const beyond = (x: number): number => (x > 0 ? CLIP : x < 0 ? -CLIP : NaN);
