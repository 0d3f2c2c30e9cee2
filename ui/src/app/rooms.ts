// The rooms of the pages, in the order of the rail. A new room is one line here.
import type {Room} from '../base/room.ts';
import {EXPLORE} from '../rooms/explore/room.ts';
import {SERVICES} from '../rooms/services/room.ts';
import {SETTINGS} from '../rooms/settings/room.ts';
import {START} from '../rooms/start/room.ts';
import {ISSUES} from '../rooms/issues/room.ts';
import {TRACES} from '../rooms/traces/room.ts';

export const ROOMS: readonly Room[] = [ISSUES, TRACES, EXPLORE, SERVICES, SETTINGS, START];
