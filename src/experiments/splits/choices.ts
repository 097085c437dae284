/** All choices of `size` of the numbers 0 to n − 1, each ascending, in lexicographic order; null when there are more than `most`. `size` is 1 to n. */
export const choices = (n: number, size: number, most: number): readonly (readonly number[])[] | null => {
  const found: number[][] = [];
  const current = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    if (found.length === most) return null;
    found.push([...current]);
    let place = size - 1;
    while (place >= 0 && current[place] === n - size + place) place--;
    if (place < 0) return found;
    current[place]!++;
    for (let i = place + 1; i < size; i++) current[i] = current[i - 1]! + 1;
  }
};
