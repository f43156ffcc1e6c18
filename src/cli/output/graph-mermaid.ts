import type { GraphReport } from '../../model/report.js';

const SHAPES = {
  event_type: ['([', '])'],
  trigger: ['[', ']'],
  workflow: ['[[', ']]'],
} as const;

/** The graph as a Mermaid flowchart: event types rounded, triggers boxes, workflows with double sides. */
export function graphMermaid({ nodes, edges }: GraphReport): string {
  const ids = new Map(nodes.map((node, i) => [node.id, `n${i}`]));
  const lines = ['flowchart LR'];
  for (const node of nodes) {
    const [open, close] = SHAPES[node.kind];
    lines.push(`  ${ids.get(node.id)}${open}"${escapeLabel(node.label)}"${close}`);
  }
  for (const { from, to } of edges) {
    const [start, end] = [ids.get(from), ids.get(to)];
    if (start !== undefined && end !== undefined) lines.push(`  ${start} --> ${end}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Mermaid reads entity codes in quoted labels: by name or by decimal number between `#` and `;`. */
function escapeLabel(label: string): string {
  return label.replace(/[\u0000-\u001f"#<>&`\\]/g, (character) => `#${character.charCodeAt(0)};`);
}
