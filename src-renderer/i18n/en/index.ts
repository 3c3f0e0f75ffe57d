// Everything in English, the original.
import { common } from './common.ts';
import { console } from './console.ts';
import { details } from './details.ts';
import { manager } from './manager.ts';
import { panes } from './panes.ts';
import { preferences } from './preferences.ts';
import { settings } from './settings.ts';
import { wizard } from './wizard.ts';

export const en = { common, console, details, manager, panes, preferences, settings, wizard };
