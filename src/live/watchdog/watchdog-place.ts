/** The place of an account's watchdog among the sockets of the host. */
export const watchdogPlace = (account: string): string => `${account}/watchdog`;
