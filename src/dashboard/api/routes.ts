/** Method and path of every endpoint of the API, by its name. Without schemas, so that the pages carry nothing else. */
export const ROUTES = {
  // Who looks
  'me.show': 'GET /me',
  'me.login': 'POST /login',
  'me.redeem': 'POST /login/link',
  'me.logout': 'POST /logout',
  'me.password': 'PUT /me/password',
  'tokens.list': 'GET /tokens',
  'tokens.create': 'POST /tokens',
  'tokens.revoke': 'DELETE /tokens/:token',
  // Accounts that trade
  'accounts.list': 'GET /accounts',
  'accounts.show': 'GET /accounts/:account',
  'accounts.command': 'POST /accounts/:account/command',
  'accounts.equity': 'GET /accounts/:account/equity',
  'accounts.orders': 'GET /accounts/:account/orders',
  'accounts.fills': 'GET /accounts/:account/fills',
  'accounts.decisions': 'GET /accounts/:account/decisions',
  'accounts.forecasts': 'GET /accounts/:account/forecasts',
  'accounts.limits': 'GET /accounts/:account/limits',
  'accounts.setLimits': 'PUT /accounts/:account/limits',
  'accounts.market': 'GET /accounts/:account/market',
  'accounts.facts': 'GET /accounts/:account/facts',
  'accounts.why': 'GET /accounts/:account/why/:seq',
  'accounts.stateAt': 'GET /accounts/:account/state/:seq',
  'accounts.log': 'GET /accounts/:account/log',
  // Research
  'runs.list': 'GET /runs',
  'runs.show': 'GET /runs/:run',
  'runs.compare': 'GET /comparison',
  'strategies.list': 'GET /strategies',
  'jobs.list': 'GET /jobs',
  'jobs.show': 'GET /jobs/:job',
  'jobs.begin': 'POST /jobs',
  'jobs.cancel': 'DELETE /jobs/:job',
  'sql.query': 'POST /sql',
  // Models
  'models.list': 'GET /models',
  'models.show': 'GET /models/:set',
  'models.rollback': 'POST /models/:set/rollback',
  'models.scores': 'GET /runs/:run/scores',
  // Promotion
  'promotions.list': 'GET /promotions',
  'promotions.show': 'GET /promotions/:promotion',
  'promotions.change': 'POST /promotions',
  'approvals.list': 'GET /approvals',
  'approvals.give': 'POST /approvals/:request',
  'audit.list': 'GET /audit',
  'audit.verify': 'POST /audit/verify',
  // The queue
  'queue.show': 'GET /queue',
  // Data
  'datasets.list': 'GET /datasets',
  'datasets.show': 'GET /datasets/:dataset',
  'datasets.bars': 'GET /datasets/:dataset/bars',
  // The workspace
  'settings.list': 'GET /settings',
  'settings.set': 'PUT /settings',
  'settings.history': 'GET /settings/history',
  'system.health': 'GET /health',
  'system.doctor': 'GET /doctor',
  'system.openapi': 'GET /openapi.json',
} as const;

export type EndpointName = keyof typeof ROUTES;

/** Where the API lives on the server. */
export const API_ROOT = '/api/v1';
