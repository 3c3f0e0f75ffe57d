export const manager = {};
