import type { z } from 'zod';
import { accountsApi } from './accounts-api.js';
import { dataApi } from './data-api.js';
import type { Endpoint, Handler } from './endpoint.js';
import { meApi } from './me-api.js';
import { modelsApi } from './models-api.js';
import { promotionApi } from './promotion-api.js';
import { queueApi } from './queue-api.js';
import { researchApi } from './research-api.js';
import type { EndpointName } from './routes.js';
import { settingsApi } from './settings-api.js';

/** Every endpoint by its name: who may ask, what is taken, what is answered. Server, pages, OpenAPI document and tests are made from it. */
export const ENDPOINTS = {
  ...meApi,
  ...accountsApi,
  ...researchApi,
  ...modelsApi,
  ...promotionApi,
  ...queueApi,
  ...dataApi,
  ...settingsApi,
} as const satisfies Readonly<Record<EndpointName, Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType>>>;

export type Endpoints = typeof ENDPOINTS;
export type Handlers = { readonly [K in EndpointName]: Handler<Endpoints[K]> };
export type AccountHandlers = Pick<Handlers, keyof typeof accountsApi>;
export type WorkbenchHandlers = Pick<
  Handlers,
  keyof (typeof researchApi & typeof modelsApi & typeof promotionApi & typeof dataApi & typeof settingsApi)
>;
export type QueueHandlers = Pick<Handlers, keyof typeof queueApi>;
export type MeHandlers = Pick<Handlers, keyof typeof meApi>;

/** What the pages send and get, by endpoint. */
export type ParamsOf<K extends EndpointName> = z.input<Endpoints[K]['params']>;
export type QueryOf<K extends EndpointName> = z.input<Endpoints[K]['query']>;
export type BodyOf<K extends EndpointName> = z.input<Endpoints[K]['body']>;
export type AnswerOf<K extends EndpointName> = z.output<Endpoints[K]['answer']>;
