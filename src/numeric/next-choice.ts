/** Turns a choice out of the numbers 0 to n − 1, ascending, into the next one in lexicographic order, in place. False, and nothing changed, for the last. */
export const nextChoice = (chosen: number[], n: number): boolean => {
  const size = chosen.length;
  let place = size - 1;
  while (place >= 0 && chosen[place] === n - size + place) place--;
  if (place < 0) return false;
  chosen[place]!++;
  for (let i = place + 1; i < size; i++) chosen[i] = chosen[i - 1]! + 1;
  return true;
};
