import { createRequire } from 'node:module';
import type { Context, Emitter, Liquid, Output, Template } from 'liquidjs';
import type { Json } from '../kernel/json.js';
import type { TemplateProblem } from '../ports/templates.js';
import { asText } from './filters/coerce.js';
import { FILTERS_OF_NULL, templateFilters } from './filters.js';
import { engineMessage, inspectTemplate } from './inspect-template.js';
import { strictOperators } from './liquid-operators.js';
import type { NameSet } from './names.js';
import { allowLength, MAX_OUTPUT_BYTES, spendWork, type OutputBudget } from './output-limit.js';
import { readMember } from './read-member.js';

type Liquidjs = typeof import('liquidjs');

/** What evaluating a template gave. `missing` is the last path that led nowhere, when a value was missing. */
export interface Evaluated {
  readonly value: Json | undefined;
  readonly missing: readonly (string | null)[];
}

/** A template that needs the engine, parsed. */
export interface LiquidTemplate {
  /** Paths it reads, as far as they are fixed. */
  readonly paths: readonly string[];
  /** Throws what a filter throws, and OutputTooLarge. */
  evaluate(scope: Readonly<Record<string, Json>>, budget: OutputBudget): Evaluated;
}

export type ParsedTemplate =
  | { readonly template: LiquidTemplate }
  | { readonly problems: readonly Omit<TemplateProblem, 'pointer'>[] };

/** LiquidJS, cut down to the template language. */
export interface LiquidEngine {
  parse(text: string, names: NameSet): ParsedTemplate;
}

const TAGS: ReadonlySet<string> = new Set(['if', 'unless', 'case', 'raw', 'comment']);
/** What liquidjs counts on its own; its filters are not used, so this is a second fence only. */
const MEMORY_UNITS = 64 * MAX_OUTPUT_BYTES;

/** Loads LiquidJS (tens of milliseconds), so call it at the first template that needs it. */
export function createLiquidEngine(): LiquidEngine {
  const liquidjs = createRequire(import.meta.url)('liquidjs') as Liquidjs;
  const liquid = createLiquid(liquidjs);
  const contextOf = createContexts(liquidjs, liquid);
  return {
    parse(text, names) {
      const { problems, paths } = inspectTemplate(liquidjs, text, names);
      if (problems.length > 0) return { problems };
      try {
        const parts = liquid.parse(text).filter((part) => !isEmptyText(part));
        const output = parts[0];
        const single = parts.length === 1 && output instanceof liquidjs.Output ? output : undefined;
        return {
          template: {
            paths,
            evaluate(scope, budget) {
              const context = contextOf(scope, budget);
              return single === undefined
                ? renderText(liquidjs, liquid, parts, context)
                : renderValue(liquidjs, single, context);
            },
          },
        };
      } catch (cause) {
        const hint = 'see the reference of templates';
        return { problems: [{ kind: 'syntax', message: engineMessage(cause), hint }] };
      }
    },
  };
}

function isEmptyText(part: Template): boolean {
  return 'str' in part && part.str === '';
}

function renderValue(liquidjs: Liquidjs, output: Output, context: ReadingContext): Evaluated {
  const value = liquidjs.toValue(liquidjs.toValueSync(output.value.value(context, false))) as
    | Json
    | undefined;
  return { value, missing: value === undefined ? [context.lastMissing] : [] };
}

function renderText(
  liquidjs: Liquidjs,
  liquid: Liquid,
  parts: Template[],
  context: ReadingContext,
): Evaluated {
  const missing: (string | null)[] = [];
  const emitter: Emitter = {
    buffer: '',
    write(value: Json | undefined) {
      if (value === undefined) missing.push(context.lastMissing);
      else emitter.buffer += asText(value);
      context.lastMissing = null;
      allowLength(emitter.buffer.length);
    },
  };
  liquidjs.toValueSync(liquid.renderer.renderTemplates(parts, context, emitter));
  return { value: emitter.buffer, missing };
}

function createLiquid(liquidjs: Liquidjs): Liquid {
  const liquid = new liquidjs.Liquid({
    // No file is ever read: templates come from this empty map.
    templates: {},
    globals: Object.create(null) as object,
    ownPropertyOnly: true,
    strictFilters: true,
    locale: 'en-US',
    timezoneOffset: 0,
    operators: strictOperators(liquidjs),
    parseLimit: MAX_OUTPUT_BYTES,
    memoryLimit: MEMORY_UNITS,
  });
  for (const tag of Object.keys(liquid.tags)) if (!TAGS.has(tag)) delete liquid.tags[tag];
  for (const filter of Object.keys(liquid.filters)) liquid.unregisterFilter(filter);
  for (const filter of templateFilters) {
    const ofNull = FILTERS_OF_NULL.has(filter.name);
    const isDefault = filter.name === 'default';
    liquid.registerFilter(filter.name, function (input: unknown, ...rawArgs: unknown[]) {
      const { budget } = this.context as ReadingContext;
      const value = liquidjs.toValue(input) as Json | undefined;
      const args = rawArgs.map((arg) => liquidjs.toValue(arg) as Json);
      if (isDefault) return value ?? args[0];
      // What is missing stays missing, and null stays null: a later `default` answers for it.
      if (value === undefined || args.includes(undefined as never)) return undefined;
      if (value === null && !ofNull) return null;
      spendWork(budget, value);
      const result = filter.apply(value, args);
      spendWork(budget, result);
      return result;
    });
  }
  return liquid;
}

/** A context reads a scope by our own rules, and remembers which path led nowhere. */
interface ReadingContext extends Context {
  readonly budget: OutputBudget;
  lastMissing: string | null;
}

type Contexts = (scope: Readonly<Record<string, Json>>, budget: OutputBudget) => ReadingContext;

/** The class is made here because its parent comes with the lazily loaded library. */
function createContexts(liquidjs: Liquidjs, liquid: Liquid): Contexts {
  class ScopeContext extends liquidjs.Context implements ReadingContext {
    readonly budget: OutputBudget;
    lastMissing: string | null = null;
    private readonly scope: Readonly<Record<string, Json>>;

    constructor(scope: Readonly<Record<string, Json>>, budget: OutputBudget) {
      super({}, liquid.options, { sync: true }, { liquid });
      this.scope = scope;
      this.budget = budget;
    }

    override *_get(path: readonly unknown[]): IterableIterator<unknown> {
      yield* [];
      let value: Json | undefined = this.scope[path[0] as string];
      for (let i = 1; i < path.length; i++) value = this.readProperty(value, path[i]);
      if (value === undefined) this.lastMissing = path.map(String).join('.');
      return value;
    }

    override readProperty(value: unknown, step: unknown): Json | undefined {
      return readMember(value as Json | undefined, step);
    }
  }
  return (scope, budget) => new ScopeContext(scope, budget);
}
