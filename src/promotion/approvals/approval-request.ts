/** Something that a person asks others to approve. What is signed is the canonical JSON of all of it, so that no term can be exchanged afterwards. Money in the settlement asset. */
export interface ApprovalRequest {
  /** First 12 hex digits of the SHA-256 of the canonical JSON of everything else in it. */
  readonly id: string;
  readonly promotion: string;
  /** `live` enters the stage, `paper` too where gates are overridden; `ramp` raises the share of the size that is traded. */
  readonly action: 'paper' | 'live' | 'ramp';
  readonly strategy: string;
  readonly account: string;
  readonly venue: string;
  readonly practice: boolean;
  /** Full size, and the share of it that would be traded from now on. */
  readonly size: number;
  readonly share: number;
  readonly currency: string;
  /** What the account can lose by its declared limits before it stands still: see `worst-case-loss.ts`. Of the share that would be traded. */
  readonly worstCaseLoss: number;
  /** SHA-256 of the promotion's pins, and of the gates' results as they were judged. */
  readonly pins: string;
  readonly gates: string;
  /** Gates that did not pass and are asked to be overridden, with the reason. */
  readonly overrides: readonly { readonly gate: string; readonly reason: string }[];
  readonly requestedBy: string;
  /** Approvals by others than `requestedBy` that it needs; 0 where the typed confirmation of the one who asks is enough. */
  readonly approvals: number;
  /** Wall time, epoch ms. */
  readonly requestedAt: number;
  readonly expiresAt: number;
  /** Random, so that two requests with the same terms are two. */
  readonly nonce: string;
}
