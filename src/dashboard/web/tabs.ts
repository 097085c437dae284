import type { ComponentType } from 'preact';

/** A page of the dashboard. Each is loaded when it is opened first. */
export interface Tab {
  readonly path: string;
  readonly title: string;
  /** Where it stands in the navigation. */
  readonly group: 'Trading' | 'Research' | 'Workspace';
  /** `g` and then this key opens it. */
  readonly key: string;
  /** What the server has to have for it to stand in the navigation. */
  readonly needs?: 'hasQueue';
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const TABS: readonly Tab[] = [
  { path: '/', title: 'Overview', group: 'Trading', key: 'o', load: () => import('./tabs/overview.js') },
  { path: '/market', title: 'Market', group: 'Trading', key: 'm', load: () => import('./tabs/market.js') },
  { path: '/signals', title: 'Signals', group: 'Trading', key: 's', load: () => import('./tabs/signals.js') },
  { path: '/orders', title: 'Positions & Orders', group: 'Trading', key: 'p', load: () => import('./tabs/orders.js') },
  { path: '/risk', title: 'Risk', group: 'Trading', key: 'r', load: () => import('./tabs/risk.js') },
  { path: '/journal', title: 'Journal & Logs', group: 'Trading', key: 'j', load: () => import('./tabs/journal.js') },
  { path: '/research', title: 'Research', group: 'Research', key: 'e', load: () => import('./tabs/research.js') },
  { path: '/queue', title: 'Queue', group: 'Research', key: 'q', needs: 'hasQueue', load: () => import('./tabs/queue.js') },
  { path: '/models', title: 'Models', group: 'Research', key: 'l', load: () => import('./tabs/models.js') },
  { path: '/promotion', title: 'Promotion', group: 'Research', key: 't', load: () => import('./tabs/promotion.js') },
  { path: '/data', title: 'Data', group: 'Research', key: 'd', load: () => import('./tabs/data.js') },
  { path: '/settings', title: 'Settings', group: 'Workspace', key: ',', load: () => import('./tabs/settings.js') },
];
