/** Whether something has settled, well or badly, within so many ms. What has not goes on. */
export const settledWithin = async (ms: number, work: readonly Promise<unknown>[]): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  // Kept alive by the timer: a process with nothing else to wait for would end in the middle.
  const late = new Promise<false>(resolve => (timer = setTimeout(resolve, ms, false)));
  const settled = Promise.allSettled(work).then(() => true as const);
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
};
