/** Facts after a position, in order, each once: a stream that was cut may tell some again. */
export const freshFacts = <T extends { readonly position: number }>(facts: readonly T[], after: number): readonly T[] => {
  let last = after;
  return facts.filter(({ position }) => {
    if (position <= last) return false;
    last = position;
    return true;
  });
};
