import type { ApprovalView } from '../../api/promotion-api.js';

/** Whether somebody can still approve it. */
export const isWaiting = ({ state }: Pick<ApprovalView, 'state'>): boolean => state === 'waiting';
