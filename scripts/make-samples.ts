import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import type { Json, JsonObject } from '../src/kernel/json.js';

/**
 * Writes rules/samples/github.jsonl: GitHub webhooks as an adapter in front of triggerd would hand them over, made of the
 * recorded payloads of @octokit/webhooks-examples. `--check` writes nothing and fails when the file is not up to date.
 */
const OUTPUT = new URL('../rules/samples/github.jsonl', import.meta.url);
/** A working day in the middle of a week, one delivery every three minutes. */
const FIRST_AT = Date.UTC(2026, 2, 18, 7);
const EVERY_MS = 180_000;
/** Links for programs are two thirds of a webhook and decide nothing; `html_url` is the one people follow. */
const BULK = /^(?!html_url$)(?:.*_)?url$|^(?:_links|node_id|gravatar_id)$/;

/** Events of which a second example differs in what the rules look at. */
const IN_FULL: ReadonlySet<string> = new Set([
  'push',
  'release',
  'check_run',
  'workflow_job',
  'dependabot_alert',
]);

/** Deliveries about billing, installing apps and planning: not what a repository's webhook subscribes to. */
const LEFT_OUT =
  /^(?:marketplace|sponsorship|installation|github_app|org_block|project|discussion|meta$|ping$)/;

// The package's entry point is a JSON file, which import does not take without an attribute that its types forbid.
const definitions = createRequire(import.meta.url)(
  '@octokit/webhooks-examples',
) as readonly WebhookDefinition[];

function withoutBulk(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutBulk);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value as JsonObject).filter(([key]) => !BULK.test(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutBulk(member)]));
}

/** GitHub numbers deliveries with a GUID; this one is always the same for the same example. */
function deliveryId(name: string, payload: JsonObject): string {
  const hex = createHash('sha256').update(name).update(JSON.stringify(payload)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface Delivery {
  readonly name: string;
  readonly type: string;
  readonly body: JsonObject;
}

/** Every recorded payload of the events that rules/github.yaml lives on, the first of each type of all others. */
function deliveries(): readonly Delivery[] {
  const seen = new Set<string>();
  return definitions
    .filter(({ name }) => !LEFT_OUT.test(name))
    .flatMap(({ name, examples }) =>
      (examples as unknown as readonly JsonObject[]).flatMap((body) => {
        const { action } = body;
        const type = typeof action === 'string' ? `com.github.${name}.${action}` : `com.github.${name}`;
        if (seen.has(type) && !IN_FULL.has(name)) return [];
        seen.add(type);
        return [{ name, type, body }];
      }),
    );
}

function sourceOf(body: JsonObject): string {
  const repository = body['repository'] as JsonObject | undefined;
  const organization = body['organization'] as JsonObject | undefined;
  const owner = repository?.['full_name'] ?? organization?.['login'];
  return typeof owner === 'string' ? `github.com/${owner}` : 'github.com';
}

function samples(): string {
  const lines = deliveries().map(({ name, type, body }, index) => {
    const sender = body['sender'] as JsonObject | undefined;
    const delivery = deliveryId(name, body);
    return JSON.stringify({
      event_id: `github-${delivery}`,
      event_type: type,
      source: sourceOf(body),
      timestamp: new Date(FIRST_AT + index * EVERY_MS).toISOString(),
      user_id: sender?.['login'] ?? null,
      payload: withoutBulk(body),
      metadata: { delivery, event: name },
    });
  });
  return `${lines.join('\n')}\n`;
}

const text = samples();
if (!process.argv.includes('--check')) {
  writeFileSync(OUTPUT, text);
} else if (readFileSync(OUTPUT, 'utf8') !== text) {
  console.error('rules/samples/github.jsonl is not what scripts/make-samples.ts makes: run it');
  process.exitCode = 1;
}
