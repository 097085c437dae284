/** What a person may do. A viewer looks, a researcher runs experiments and paper, an operator runs live sessions and halts, an approver approves what others ask for. One person may have several. */
export const ROLES = ['viewer', 'researcher', 'operator', 'approver'] as const;
export type Role = (typeof ROLES)[number];
