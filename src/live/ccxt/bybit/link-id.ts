/** Bybit takes letters, digits, dashes and underscores in an id of ours, and no dots (v5 documentation, "Place Order", 2025): `qt-a.1.2` is sent as `qt-a-1-2`. */
export const linkIdOf = (clientId: string): string =>
  /^qt-[a-zA-Z0-9]+\.\d+\.\d+$/.test(clientId) ? clientId.replaceAll('.', '-') : clientId;

/** The way back. What is not of this form was not made by this platform and stays as it is. */
export const clientIdIn = (linkId: string): string => linkId.replace(/^(qt-[a-zA-Z0-9]+)-(\d+)-(\d+)$/, '$1.$2.$3');
