import type { CommandDefinition } from '../command.js';
import { graphDot } from '../output/graph-dot.js';
import { graphMermaid } from '../output/graph-mermaid.js';
import { jsonReport } from '../output/json-report.js';
import { FOLDER_ARGUMENT, folderOf, formatOption } from '../shared-options.js';

export const graph: CommandDefinition = {
  description:
    'Draws what leads to what: event types to the triggers that hear them, triggers to the workflows they launch, and workflows to the event types they publish.',
  arguments: [FOLDER_ARGUMENT],
  options: [formatOption(['mermaid', 'dot', 'json'])],
  examples: [
    { command: 'triggerd graph', does: 'a Mermaid flowchart, for a README or an issue' },
    {
      command: 'triggerd graph --format dot rules | dot -Tsvg > rules.svg',
      does: 'a picture, with Graphviz',
    },
  ],
  exits: ['drawn', 'errors in the rule files', 'wrong usage, or no such folder'],
  async run(input, context) {
    const app = await context.app();
    const report = await app.graph({ folder: folderOf(input) });
    switch (input.value('format') ?? 'mermaid') {
      case 'json':
        context.out(jsonReport(report));
        break;
      case 'dot':
        context.out(graphDot(report));
        break;
      default:
        context.out(graphMermaid(report));
    }
    return 0;
  },
};
