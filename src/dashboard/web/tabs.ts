import type { ComponentType } from 'preact';

/** A page of the dashboard. Each is loaded when it is opened first. */
export interface Tab {
  readonly path: string;
  readonly title: string;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const TABS: readonly Tab[] = [
  { path: '/', title: 'Overview', load: () => import('./tabs/overview.js') },
  { path: '/market', title: 'Market', load: () => import('./tabs/market.js') },
  { path: '/signals', title: 'Signals', load: () => import('./tabs/signals.js') },
  { path: '/orders', title: 'Positions & Orders', load: () => import('./tabs/orders.js') },
  { path: '/models', title: 'Models', load: () => import('./tabs/models.js') },
  { path: '/risk', title: 'Risk', load: () => import('./tabs/risk.js') },
  { path: '/research', title: 'Research', load: () => import('./tabs/research.js') },
  { path: '/promotion', title: 'Promotion', load: () => import('./tabs/promotion.js') },
  { path: '/data', title: 'Data', load: () => import('./tabs/data.js') },
  { path: '/journal', title: 'Journal & Logs', load: () => import('./tabs/journal.js') },
  { path: '/settings', title: 'Settings', load: () => import('./tabs/settings.js') },
];
