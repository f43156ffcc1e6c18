import type { DaemonStats } from '../../engine/daemon.js';
import type { BusFigures } from '../../engine/handlers/connect-bus.js';
import { defineRoute } from '../route.js';
import type { StreamStats } from '../stream/event-stream.js';

/** Answer to `GET /v1/stats`. */
export type StatsAnswer = DaemonStats & BusFigures & { readonly stream: StreamStats };

/** Whether it lives, whether it works, and its figures. */
export const HEALTH_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/healthz',
    // Answers without a token: it says nothing but that the process answers.
    scope: 'open',
    summary: 'Says that the daemon lives.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'It lives.', schema: 'Health' },
    answer: () => ({ status: 200, json: { status: 'ok' } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/readyz',
    // The diagnostics quote rule files, so it is not for everybody.
    scope: 'read',
    summary:
      'Says whether the daemon takes events, under which rules, and what is wrong with the newest ones.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'It takes events.', schema: 'Readiness' },
    others: { 503: { status: 503, description: 'It does not, or not now.', schema: 'Readiness' } },
    answer(_call, { daemon }) {
      const readiness = daemon.readiness();
      return { status: readiness.ready ? 200 : 503, json: readiness };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/metrics',
    scope: 'read',
    summary: 'Figures for Prometheus.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'Prometheus text.', schema: null, contentType: 'text/plain' },
    async answer(_call, { host }) {
      const contentType = 'text/plain; version=0.0.4; charset=utf-8';
      return { status: 200, text: await host.metricsText(), contentType };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/stats',
    scope: 'read',
    summary: 'Counts of the daemon.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'Counts.', schema: 'Stats' },
    answer(_call, { daemon, host, stream }) {
      const json: StatsAnswer = { ...daemon.stats(), ...host.busFigures(), stream: stream.stats() };
      return { status: 200, json };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/openapi.json',
    scope: 'read',
    summary: 'This document.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'An OpenAPI 3.1 document.', schema: 'OpenApi' },
    answer: (_call, { openApi }) => ({ status: 200, json: openApi() }),
  }),
];
