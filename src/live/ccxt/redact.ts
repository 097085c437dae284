const LONGEST = 240;

/**
 * Makes text of a venue or of ccxt fit to be shown: secrets, queries, and whatever looks like a signature or a key are taken out, and it is cut to 240 characters.
 */
export const redactor = (secrets: readonly (string | null)[]): ((text: string) => string) => {
  const known = secrets.filter((secret): secret is string => secret !== null && secret.length > 3);
  return text => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '[secret]').replaceAll(encodeURIComponent(secret), '[secret]');
    clean = clean
      .replace(/\?[^\s"'<>]*/g, '?[query]')
      .replace(/\b(signature|sign|api_?key|secret|listenKey|timestamp|recvWindow)=[^&\s"'<>]*/gi, '$1=[secret]')
      .replace(/(x-mbx-apikey|x-bapi-[a-z-]+|authorization)["']?\s*[:=]\s*["']?[^\s,"'}]+/gi, '$1: [secret]')
      .replace(/[A-Za-z0-9+/_-]{40,}={0,2}/g, '[secret]')
      .replace(/\s+/g, ' ')
      .trim();
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
  };
};
