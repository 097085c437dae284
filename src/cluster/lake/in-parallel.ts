/** Runs `work` on all items, so many at once, and gives what came of them in their order. Rejects with the first failure; items not begun then never begin. */
export const inParallel = async <T, R>(items: readonly T[], atOnce: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> => {
  const results = Array.from<R>({ length: items.length });
  let next = 0;
  let isBroken = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !isBroken) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as T, index);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
};
