import type { Json, JsonObject } from '../../src/kernel/json.js';
import { createTemplates } from '../../src/launch/liquid.js';
import type { Rendered, TemplateProblem, TemplateScope } from '../../src/ports/templates.js';

/** A scope whose event has this payload. */
export function scopeOf(payload: JsonObject, more: Partial<TemplateScope> = {}): TemplateScope {
  return {
    event: { event_id: 'e1', event_type: 'workflow.failed', target: null, payload },
    events: [],
    steps: {},
    trigger: { trigger_id: 't' },
    group: {},
    value: null,
    vars: {},
    now: '2026-01-01T00:00:13Z',
    item: null,
    ...more,
  };
}

const templates = createTemplates();

/** The map rendered over the scope; throws when it has problems. */
export function renderMap(map: JsonObject, scope: TemplateScope): Rendered {
  const parsed = templates.parse(map);
  if ('problems' in parsed) throw new TypeError(JSON.stringify(parsed.problems));
  return parsed.template.render(scope);
}

/** One template rendered over a payload. */
export function render(
  template: string,
  payload: JsonObject = {},
): { readonly value: Json; readonly warnings: readonly string[] } {
  const { value, warnings } = renderMap({ key: template }, scopeOf(payload));
  return { value: value['key'] as Json, warnings };
}

/** What is wrong with one template, or `[]`. */
export function problemsOf(
  template: string,
  names: 'trigger' | 'workflow' = 'trigger',
): readonly TemplateProblem[] {
  const parsed = templates.parse({ key: template }, names);
  return 'problems' in parsed ? parsed.problems : [];
}
