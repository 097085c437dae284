/** A colour of the style sheet as charts on a canvas need it. */
export const colourOf = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The same with an opacity, 0 to 1. Colours of the style sheet are six hex digits. */
export const translucent = (name: string, opacity: number): string =>
  `${colourOf(name)}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
