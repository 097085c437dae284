/** The sentence that a refusal says has to be typed; null where it asks for none. */
export const wantedSentence = (code: string, fix: string | null): string | null => {
  if (fix === null || (code !== 'not-confirmed' && code !== 'wrong-sentence')) return null;
  return /--confirm "(.+)"/.exec(fix)?.[1] ?? /^It (?:must be exactly|is): (.+)$/.exec(fix)?.[1] ?? null;
};

/** Whether what was typed is the sentence: blanks at its ends and runs of blanks do not count, as on the command line. */
export const isTyped = (typed: string, sentence: string): boolean => typed.trim().replace(/\s+/g, ' ') === sentence;
