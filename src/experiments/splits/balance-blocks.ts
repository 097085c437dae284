/**
 * Deals blocks to `parts` sets of equal number so that each set's total of every count is near an equal share. Starts with one block for each set in turn, which
 * spreads sets over time, then swaps the two blocks whose exchange lowers Σ (count − share)² ÷ share the most until no exchange does; of equal exchanges the one
 * of the earliest blocks. The result is the set of each block.
 */
export const balanceBlocks = (counts: readonly (readonly number[])[], parts: number): readonly number[] => {
  const owner = counts.map((_, block) => block % parts);
  const kinds = counts[0]?.length ?? 0;
  const share = Array.from({ length: kinds }, (_, kind) => counts.reduce((sum, each) => sum + each[kind]!, 0) / parts);
  const held = Array.from({ length: parts }, (_, set) =>
    Array.from({ length: kinds }, (_, kind) => counts.reduce((sum, each, block) => (owner[block] === set ? sum + each[kind]! : sum), 0)),
  );
  /** Change of the sum when blocks a and b change places: with d more of a kind in b, (x + d − s)² + (y − d − s)² − (x − s)² − (y − s)² = 2d(x − y + d). */
  const change = (a: number, b: number): number => {
    const [to, from] = [held[owner[a]!]!, held[owner[b]!]!];
    let total = 0;
    for (let kind = 0; kind < kinds; kind++) {
      const more = counts[b]![kind]! - counts[a]![kind]!;
      if (more !== 0) total += (2 * more * (to[kind]! - from[kind]! + more)) / share[kind]!;
    }
    return total;
  };
  for (;;) {
    let [best, left, right] = [-1e-9, -1, -1];
    for (let a = 0; a < owner.length; a++)
      for (let b = a + 1; b < owner.length; b++) {
        if (owner[a] === owner[b]) continue;
        const gain = change(a, b);
        if (gain < best) [best, left, right] = [gain, a, b];
      }
    if (left < 0) return owner;
    const [first, second] = [owner[left]!, owner[right]!];
    for (let kind = 0; kind < kinds; kind++) {
      const more = counts[right]![kind]! - counts[left]![kind]!;
      held[first]![kind]! += more;
      held[second]![kind]! -= more;
    }
    [owner[left], owner[right]] = [second, first];
  }
};
