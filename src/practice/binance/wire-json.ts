/** Marks an integer that is written as it is: JavaScript numbers end at 2^53, the venue's ids do not. */
const RAW = '\u0001';

/** An id of digits as a JSON number of any length; other text stays text. */
export const wholeNumber = (digits: string): string => (/^(0|[1-9]\d*)$/.test(digits) ? `${RAW}${digits}` : digits);

/** JSON as the venue writes it, with whole numbers of any length. */
export const wireJson = (value: unknown): string => JSON.stringify(value).replace(/"\\u0001(\d+)"/g, '$1');
