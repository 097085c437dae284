/** Infinities and NaN have no JSON; they become null. */
export const finiteJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' && !Number.isFinite(each) ? null : each));

/** Whether a request came to a loopback address by its own name: a page in a browser must not reach a local server by a name that points there. */
export const isLoopbackHost = (host: string | undefined): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
