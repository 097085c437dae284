/** A column of numbers: a typed column of history or a plain array, read only by index and length. */
export type Vector = Float64Array | readonly number[];
