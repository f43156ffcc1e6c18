import { escapeKey } from '../kernel/pointer.js';
import { Fault } from '../kernel/fault.js';
import { preview, setOwn, type Json, type JsonObject } from '../kernel/json.js';
import type { InputTemplate, TemplateProblem, Templates } from '../ports/templates.js';
import { createLiquidEngine, type LiquidEngine } from './liquid-engine.js';
import { ROOT_NAMES, type NameSet } from './names.js';
import { createBudget, outputFault, OutputTooLarge, spendOutput, type OutputBudget } from './output-limit.js';
import { plainPath } from './plain-path.js';
import { plainText } from './plain-text.js';

type Scope = Readonly<Record<string, Json>>;

/** What one rendering collects. */
interface Rendering {
  readonly scope: Scope;
  readonly budget: OutputBudget;
  /** Pointer of the template at work, for the Fault when its output is too large. */
  pointer: string;
  warnings: string[] | null;
}

/** A map is rendered onto `into` when it is given. */
type RenderPart = (rendering: Rendering, into?: Record<string, Json>) => Json;

/** A value of the map, compiled: a constant where it holds no template. */
type Part = { readonly constant: Json } | { readonly render: RenderPart };

const NO_WARNINGS: readonly string[] = Object.freeze([]);
const TEMPLATES_KEPT = 10_000;
const MARKER = /\{\{|\{%/;

/**
 * Templates in the strings of a map. Strings without a template and maps and lists without one are shared and frozen; a
 * template that is one path is read directly; only what is left loads the template engine.
 */
export function createTemplates(): Templates {
  let engine: LiquidEngine | undefined;
  const known = new Map<string, ReturnType<Templates['parse']>>();
  return {
    parse(map, names = 'trigger') {
      // Equal maps share one template: many triggers of a folder hand on the same few fields.
      const key = `${names} ${JSON.stringify(map)}`;
      const shared = known.get(key);
      if (shared !== undefined) return shared;
      const parsed = parse(map, names);
      if (known.size >= TEMPLATES_KEPT) known.clear();
      known.set(key, parsed);
      return parsed;
    },
  };

  function parse(map: JsonObject, names: NameSet): ReturnType<Templates['parse']> {
    const compiler: Compiler = {
      names,
      engine: () => (engine ??= createLiquidEngine()),
      problems: [],
      reads: [],
    };
    const part = compile(map, '', compiler);
    if (compiler.problems.length > 0) return { problems: compiler.problems };
    return { template: inputTemplate(part, compiler.reads) };
  }
}

interface Compiler {
  readonly names: NameSet;
  readonly engine: () => LiquidEngine;
  readonly problems: TemplateProblem[];
  readonly reads: (readonly [pointer: string, path: string])[];
}

function inputTemplate(part: Part, reads: InputTemplate['reads']): InputTemplate {
  if ('constant' in part) {
    const constants = part.constant as JsonObject;
    const rendered = Object.freeze({ value: constants, warnings: NO_WARNINGS });
    return {
      reads,
      render(_scope, into) {
        if (into === undefined) return rendered;
        for (const key in constants) setOwn(into, key, constants[key]);
        return { value: into as JsonObject, warnings: NO_WARNINGS };
      },
    };
  }
  return {
    reads,
    render(scope, into) {
      const rendering: Rendering = {
        scope: scope as unknown as Scope,
        budget: createBudget(),
        pointer: '',
        warnings: null,
      };
      try {
        const value = part.render(rendering, into) as JsonObject;
        return { value, warnings: rendering.warnings ?? NO_WARNINGS };
      } catch (cause) {
        throw cause instanceof OutputTooLarge ? outputFault(rendering.pointer, cause) : cause;
      }
    },
  };
}

function compile(value: Json, pointer: string, compiler: Compiler): Part {
  if (typeof value === 'string') return compileText(value, pointer, compiler);
  if (typeof value !== 'object' || value === null) return { constant: value };
  if (Array.isArray(value)) return compileList(value as readonly Json[], pointer, compiler);
  return compileMap(value as JsonObject, pointer, compiler);
}

function compileList(list: readonly Json[], pointer: string, compiler: Compiler): Part {
  const parts = list.map((element, index) => compile(element, `${pointer}/${index}`, compiler));
  if (parts.every((part) => 'constant' in part))
    return { constant: Object.freeze(parts.map((part) => (part as { readonly constant: Json }).constant)) };
  const renders = parts.map(renderOf);
  return { render: (rendering) => renders.map((render) => render(rendering)) };
}

function compileMap(map: JsonObject, pointer: string, compiler: Compiler): Part {
  const keys = Object.keys(map);
  const parts = keys.map((key) => compile(map[key] as Json, `${pointer}/${escapeKey(key)}`, compiler));
  const constants: Record<string, Json> = {};
  if (parts.every((part) => 'constant' in part)) {
    parts.forEach((part, index) => {
      setOwn(constants, keys[index] as string, (part as { readonly constant: Json }).constant);
    });
    return { constant: Object.freeze(constants) };
  }
  const renders = parts.map(renderOf);
  return {
    render(rendering, into) {
      const rendered = into ?? {};
      for (let i = 0; i < keys.length; i++)
        setOwn(rendered, keys[i] as string, (renders[i] as RenderPart)(rendering));
      return rendered;
    },
  };
}

function renderOf(part: Part): RenderPart {
  if ('render' in part) return part.render;
  const { constant } = part;
  return () => constant;
}

function compileText(text: string, pointer: string, compiler: Compiler): Part {
  if (!MARKER.test(text)) return { constant: text };
  const shown = preview(text, 80);
  const plain = plainPath(text, ROOT_NAMES[compiler.names]);
  if (plain !== undefined) {
    compiler.reads.push([pointer, plain.path]);
    const warning = missingWarning(pointer, plain.path, shown);
    return {
      render(rendering) {
        const value = plain.read(rendering.scope);
        if (value === undefined) return warn(rendering, warning);
        return spend(rendering, value, pointer);
      },
    };
  }
  const texts = plainText(text, ROOT_NAMES[compiler.names]);
  if (texts !== undefined) {
    for (const path of texts.paths) compiler.reads.push([pointer, path]);
    return {
      render(rendering) {
        rendering.pointer = pointer;
        const value = texts.render(rendering.scope, (path) =>
          warn(rendering, missingWarning(pointer, path, shown)),
        );
        return spend(rendering, value, pointer);
      },
    };
  }
  const parsed = compiler.engine().parse(text, compiler.names);
  if ('problems' in parsed) {
    for (const problem of parsed.problems) compiler.problems.push({ pointer, ...problem });
    return { constant: null };
  }
  const { template } = parsed;
  for (const path of template.paths) compiler.reads.push([pointer, path]);
  return {
    render(rendering) {
      try {
        const { value, missing } = template.evaluate(rendering.scope, rendering.budget);
        for (const path of missing) warn(rendering, missingWarning(pointer, path, shown));
        return value === undefined ? null : spend(rendering, value, pointer);
      } catch (cause) {
        const original = originalError(cause);
        if (original instanceof Fault) throw original;
        if (original instanceof OutputTooLarge) throw outputFault(pointer, original);
        const reason = original instanceof Error ? original.message : String(original);
        return warn(rendering, `${pointer}: ${reason} in ${shown}, so it is null`);
      }
    },
  };
}

function spend(rendering: Rendering, value: Json, pointer: string): Json {
  rendering.pointer = pointer;
  spendOutput(rendering.budget, value);
  return value;
}

function warn(rendering: Rendering, warning: string): null {
  (rendering.warnings ??= []).push(warning);
  return null;
}

function missingWarning(pointer: string, path: string | null, shown: string): string {
  return path === null ? `${pointer}: ${shown} gives no value` : `${pointer}: ${path} is missing in ${shown}`;
}

/** The engine wraps what a filter throws. */
function originalError(cause: unknown): unknown {
  let error = cause;
  while (error instanceof Error && 'originalError' in error && error.originalError !== undefined)
    error = error.originalError;
  return error;
}
