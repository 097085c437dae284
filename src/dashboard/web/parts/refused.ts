/** What went wrong, as a page shows it. */
export interface Refused {
  readonly message: string;
  readonly fix: string | null;
}
