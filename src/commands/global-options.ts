/** Options that every verb has. */
export interface GlobalOptions {
  readonly workspace: string;
  readonly json: boolean;
  readonly progress: boolean;
  /** Who gives the command; `QUANTAI_USER`, else the user of the operating system, when left out. */
  readonly as?: string | undefined;
  /** URL of the team's registry; `QUANTAI_REGISTRY`, else the workspace's setting, when left out. */
  readonly registry?: string | undefined;
}
