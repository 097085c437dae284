import type { GateParity, Stretch } from './gate-inputs.js';

/** What certificates say of some market time, ms. Each moment is judged by the newest certificate that covers it. */
export interface CertifiedTime {
  readonly all: number;
  readonly without: number;
  /** Certificates that decide some moment, in the order in which they were made. */
  readonly deciding: readonly GateParity[];
}

/** Lays certificates, the newest last, over stretches of time. */
export const certifiedTime = (stretches: readonly Stretch[], certificates: readonly GateParity[]): CertifiedTime => {
  const deciding = new Set<number>();
  let [all, without] = [0, 0];
  for (const { from, to } of stretches) {
    if (!(to > from)) continue;
    all += to - from;
    const inside = (ts: number): boolean => ts > from && ts < to;
    const edges = [...new Set([from, to, ...certificates.flatMap(each => [each.from, each.to]).filter(inside)])].sort((a, b) => a - b);
    for (let i = 1; i < edges.length; i++) {
      const [begin, end] = [edges[i - 1]!, edges[i]!];
      const newest = certificates.findLastIndex(each => each.from <= begin && each.to >= end);
      if (newest < 0) without += end - begin;
      else deciding.add(newest);
    }
  }
  return { all, without, deciding: certificates.filter((_, i) => deciding.has(i)) };
};
