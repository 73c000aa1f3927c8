/** Statuses that mean that key, address or account is wrong, whatever the request. */
export const hopelessStatuses: readonly number[] = [401, 402, 403, 404];
