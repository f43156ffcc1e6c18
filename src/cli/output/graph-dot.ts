import type { GraphReport } from '../../model/report.js';

const SHAPES = { event_type: 'ellipse', trigger: 'box', workflow: 'component' } as const;

/** The graph in the DOT language of Graphviz. */
export function graphDot({ nodes, edges }: GraphReport): string {
  return [
    'digraph rules {',
    '  rankdir=LR;',
    ...nodes.map((node) => `  ${quote(node.id)} [label=${quote(node.label)}, shape=${SHAPES[node.kind]}];`),
    ...edges.map(({ from, to }) => `  ${quote(from)} -> ${quote(to)};`),
    '}',
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
