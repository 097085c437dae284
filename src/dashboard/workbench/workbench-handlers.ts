import type { WorkbenchHandlers } from '../api/endpoints.js';
import type { Platform } from '../platform.js';
import { dataHandlers } from './data-handlers.js';
import type { Jobs } from './jobs.js';
import { modelHandlers } from './model-handlers.js';
import { promotionHandlers } from './promotion-handlers.js';
import { researchHandlers } from './research-handlers.js';
import { runCatalogue } from './run-catalogue.js';
import { settingsHandlers } from './settings-handlers.js';

/** What the work of the workbench's endpoints is done with. */
export interface WorkbenchOptions {
  readonly platform: Pick<Platform, 'workspace' | 'ask'>;
  readonly jobs: Jobs;
}

/** Whether it answers, and what can be asked, the server says itself. */
export type ServedWorkbench = Omit<WorkbenchHandlers, 'system.health' | 'system.openapi'>;

/** Does the work of every endpoint of research, models, promotion, data and settings. Who may ask was looked at before. */
export const workbenchHandlers = ({ platform, jobs }: WorkbenchOptions): ServedWorkbench => {
  const runs = runCatalogue(platform);
  return {
    ...researchHandlers(platform, runs, jobs),
    ...modelHandlers(platform, runs),
    ...promotionHandlers(platform),
    ...dataHandlers(platform),
    ...settingsHandlers(platform),
  };
};
