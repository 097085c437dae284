/** Options that every verb has. */
export interface GlobalOptions {
  readonly workspace: string;
  readonly json: boolean;
  readonly progress: boolean;
}
