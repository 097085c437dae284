/** Requests at once: as many as a queue has connections. */
export const LANES = 2;

/** Does something with each item, a few at once, in their order. */
export const inLanes = async <T>(items: readonly T[], lanes: number, act: (item: T) => Promise<unknown>): Promise<void> => {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) await act(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
};
