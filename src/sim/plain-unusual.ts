const UNUSUAL = Symbol('unusual');

/** Gives a plain run up: something happened that only the engine knows how to play. */
export const unusual = (): never => {
  throw UNUSUAL;
};

/** Whether this was thrown by `unusual`. */
export const isUnusual = (error: unknown): boolean => error === UNUSUAL;
