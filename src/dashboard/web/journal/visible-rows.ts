/** Which rows of a long list are drawn: `first` up to, not including, `end`. */
export interface VisibleRows {
  readonly first: number;
  readonly end: number;
}

/** Rows of equal height that are in sight, and `spare` on either side, so that scrolling shows no hole. */
export const visibleRows = (count: number, rowHeight: number, scrolled: number, height: number, spare = 12): VisibleRows => {
  const last = Math.max(0, count - 1);
  const first = Math.min(last, Math.max(0, Math.floor(scrolled / rowHeight) - spare));
  const end = Math.min(count, Math.ceil((Math.max(0, scrolled) + height) / rowHeight) + spare);
  return { first: Math.min(first, end), end: Math.max(end, 0) };
};

/** How far to scroll so that a row is in sight; the same where it is already. */
export const scrollTo = (row: number, rowHeight: number, scrolled: number, height: number): number => {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  return top + rowHeight > scrolled + height ? top + rowHeight - height : scrolled;
};
