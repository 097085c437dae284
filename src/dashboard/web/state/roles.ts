import type { Me } from '../../api/me-api.js';
import { me } from './api.js';

/** Whether who looks has one of these roles. The server decides; pages only say beforehand what would be refused. */
export const hasRole = (...roles: readonly Me['roles'][number][]): boolean => me.value?.roles.some(role => roles.includes(role)) === true;

/** For a button's `title` and `disabled`: null where the role is there, else why not. */
export const lacksRole = (...roles: readonly Me['roles'][number][]): string | null =>
  hasRole(...roles) ? null : `This needs the role ${roles.join(' or ')}.`;
