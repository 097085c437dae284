/**
 * How much room each member of a front has about it: the sum over objectives of the gap between its neighbours, as a part of the front's width;
 * Infinity at both ends of any objective. Of equals in an objective the one that stands first counts as the lower. Source: Deb et al. (2002), III.B.
 */
export const crowdingDistances = (front: readonly (readonly number[])[]): Float64Array => {
  const room = new Float64Array(front.length);
  const objectives = front[0]?.length ?? 0;
  for (let m = 0; m < objectives; m++) {
    const order = Array.from(front.keys()).sort((a, b) => front[a]![m]! - front[b]![m]! || a - b);
    const [first, last] = [order[0]!, order.at(-1)!];
    const width = front[last]![m]! - front[first]![m]!;
    room[first] = room[last] = Infinity;
    if (width > 0)
      for (let k = 1; k + 1 < order.length; k++) room[order[k]!]! += (front[order[k + 1]!]![m]! - front[order[k - 1]!]![m]!) / width;
  }
  return room;
};
