/**
 * One number in, one number out, oldest first: the part that features are assembled from. NaN until it has seen enough.
 * An input that is not finite is missing: the answer is NaN and the state stays as it was, so one hole in the data costs
 * one value and not all that follow, and a window is of the last n values that were there.
 *
 * State lives in typed arrays because a captured `let` holding a double is a new heap object at every assignment.
 */
export type Fold = (x: number) => number;
