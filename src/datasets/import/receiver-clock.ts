import type { Finding } from '../series.js';
import { plainName, receivedColumn } from './field-names.js';
import { isOneClock } from './recorded-latency.js';
import type { Sample } from './sample.js';
import { toMilliseconds } from './time-column.js';

/** A file whose times are when its rows were received: beside series with the venue's times they may be early or late by more than a strategy's edge. */
export const receiverClock = (sample: Sample, time: number | undefined, common: Pick<Finding, 'file' | 'symbol' | 'kind'>): Finding[] => {
  const received = receivedColumn((sample.header ?? []).map(plainName), time);
  if (received === undefined || time === undefined) return [];
  const column = (index: number): Float64Array => {
    const values = Float64Array.from(sample.rows, row => Number(row[index] ?? NaN));
    toMilliseconds(values, 'auto');
    return values;
  };
  const sent = column(time);
  let [least, most] = [Infinity, -Infinity];
  column(received).forEach((at, i) => {
    const difference = at - (sent[i] ?? NaN);
    if (difference < least) least = difference;
    if (difference > most) most = difference;
  });
  if (!isOneClock(least, most)) return [];
  return [
    {
      ...common,
      code: 'receiver-clock',
      severity: 'warning',
      count: sample.rows.length,
      message:
        "The times of this file are the receiver's, not the venue's: beside series with the venue's times, its rows may come too early or too late.",
    },
  ];
};
