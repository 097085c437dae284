/** Options whose value is a secret, whatever it looks like. */
const SECRET = new Set(['--token']);

/** A password in a URL: before the host, where it may hold all but the sign that ends it, or behind the question mark. */
const PASSWORD = /:\/\/[^@]*:[^@]*@|[?&](password|sslpassword|token)=/i;

/** Whether a command line says what other users of the machine, who see it in the list of processes, should not read. */
export const hasSecret = (argv: readonly string[]): boolean =>
  argv.some((word, i) => PASSWORD.test(word) || SECRET.has(word.split('=', 1)[0] ?? '') || SECRET.has(argv[i - 1] ?? ''));
