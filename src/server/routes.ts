import type { AnyRoute } from './route.js';
import { DRY_RUN_ROUTES } from './routes/dry-run.js';
import { EVENT_ROUTES } from './routes/events.js';
import { HEALTH_ROUTES } from './routes/health.js';
import { LAUNCH_ROUTES } from './routes/launches.js';
import { STREAM_ROUTE } from './routes/stream.js';
import { TRIGGER_ROUTES } from './routes/triggers.js';

/** Everything the daemon answers over HTTP: what is registered, documented, and refused to whom. */
export const ROUTES: readonly AnyRoute[] = [
  ...EVENT_ROUTES,
  ...DRY_RUN_ROUTES,
  ...LAUNCH_ROUTES,
  ...TRIGGER_ROUTES,
  ...HEALTH_ROUTES,
  STREAM_ROUTE,
];
