/** Levels of the lines that `quantai logs` shows, the least first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
