/** A window's length as the command line has it: a number alone counts bars, anything else is a duration. */
export const extent = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

/** The same in words. */
export const extentInWords = (text: string | undefined): string =>
  text === undefined ? 'none' : /^\d+$/.test(text) ? `${text} bars` : text;
