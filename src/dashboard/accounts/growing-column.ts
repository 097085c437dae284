/** Numbers that are only ever added to, without an object each. */
export interface GrowingColumn {
  readonly length: number;
  at(index: number): number;
  push(value: number): void;
  clear(): void;
}

/** An empty column of doubles. */
export const growingColumn = (): GrowingColumn => {
  let values = new Float64Array(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    at: index => values[index] ?? NaN,
    push: value => {
      if (length === values.length) {
        const wider = new Float64Array(length * 2);
        wider.set(values);
        values = wider;
      }
      values[length++] = value;
    },
    clear: () => {
      length = 0;
    },
  };
};
