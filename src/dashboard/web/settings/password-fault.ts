/** The fewest characters that the server takes. */
const LEAST = 10;

/** What is wrong with a new password, by field; empty where it can be sent. */
export const passwordFault = ({
  current,
  password,
  again,
  hasPassword,
}: {
  readonly current: string;
  readonly password: string;
  readonly again: string;
  readonly hasPassword: boolean;
}): Readonly<Partial<Record<'current' | 'password' | 'again', string>>> => ({
  ...(hasPassword && current === '' && { current: 'The one that you have now' }),
  ...(password.length < LEAST && { password: `${LEAST} characters or more` }),
  ...(password.length >= LEAST && again !== password && { again: 'It differs from the one above' }),
});
