// Every network mode, by id. Adding one: its folder under modes/ and a line here.
import { internal } from './modes/internal/index.ts';

export const networkModes = { internal } as const;
export type NetworkModeId = keyof typeof networkModes;
