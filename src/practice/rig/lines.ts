/** One process's open streams, as the world can disturb them. */
export interface OpenLines {
  /** The private stream ends. `seen`: the client is told; else it looks open and says nothing until the client listens anew (Binance's listenKeyExpired under ccxt). */
  cutPrivate(code: string, seen: boolean): void;
  /** Every market stream ends and comes back by itself. */
  cutMarket(code: string): void;
}

/** The streams of all processes at the venue. */
export interface Lines extends OpenLines {
  open(lines: OpenLines): () => void;
}

export const lines = (): Lines => {
  const open = new Set<OpenLines>();
  return {
    open: each => {
      open.add(each);
      return () => open.delete(each);
    },
    cutPrivate: (code, seen) => open.forEach(each => each.cutPrivate(code, seen)),
    cutMarket: code => open.forEach(each => each.cutMarket(code)),
  };
};
