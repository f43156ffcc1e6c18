import { METRICS_PREFIX } from '../../src/app/meter.js';
import { block, code, codes, type Page, table } from './markdown.js';
import { sourceCalls, textOf, textsOf } from './source-calls.js';

const TYPES: Readonly<Record<string, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  watch: 'gauge',
};

interface Series {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every figure that some part of the daemon asks its meter for. */
function series(folder: string): readonly Series[] {
  const found = new Map<string, Series>();
  for (const call of sourceCalls(folder, Object.keys(TYPES))) {
    const [name, help, third, fourth] = call.arguments;
    const [word, words] = [textOf(name), textOf(help)];
    const labelled = call.name === 'histogram' ? fourth : third;
    const isLiteral = word !== undefined && words !== undefined;
    // File watchers and the like have methods of these names too.
    if (!isLiteral && !/meter$/i.test(call.on)) continue;
    const labels = call.name === 'watch' ? [] : textsOf(labelled);
    if (!isLiteral || labels === null)
      throw new Error(
        `${call.file}: a ${call.name} whose name, help or labels are not written where it is made`,
      );
    found.set(word, { name: METRICS_PREFIX + word, type: TYPES[call.name] ?? '', help: words, labels });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The figures at /metrics. */
export function metricsPage(sources: string): Page {
  return {
    name: 'metrics',
    title: 'Metrics',
    about: 'every `triggerd_…` series with its labels',
    parts: [
      '`GET /metrics` gives these figures in the text format of Prometheus. It needs the scope `read` as soon as there are tokens:',
      block(
        'yaml',
        [
          '# prometheus.yml',
          'scrape_configs:',
          '  - job_name: triggerd',
          '    authorization: { credentials_file: /etc/prometheus/triggerd-token }',
          '    static_configs: [{ targets: ["triggerd.internal:7878"] }]',
        ].join('\n'),
      ),
      table(
        ['series', 'type', 'labels', 'meaning'],
        series(sources).map(({ name, type, help, labels }) => [code(name), type, codes(labels), help]),
      ),
      'A histogram has the series `…_bucket`, `…_sum` and `…_count`. Beside these stand the `process_…` and `nodejs_…` figures of the Prometheus client for Node.',
    ],
  };
}
