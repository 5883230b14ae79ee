// The directions of ARCHITECTURE.md:
//   engine ← worker → runs, hub          runs ← notebook ← ui ← main
//   inside engine: text, gpu ← model ← pruning;  text ← uda;  all ← train
// An import of types counts here as any other. What may be *loaded* is checked in .dependency-cruiser.values.cjs.
const tests = '^(tests|e2e|tools|scripts)/';

/** A folder of src/, or a folder of the engine, may import only itself and the folders named. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: to },
});

module.exports = {
  forbidden: [
    only('engine-stands-alone', '^src/engine/', '^src/engine/', 'The engine knows nothing of page, worker, runs or hub.'),
    only('engine-foundations', '^src/engine/[^/]+$', '^src/engine/[^/]+$', 'What all parts share imports none of them.'),
    only('text-below-all', '^src/engine/text/', '^src/engine/(text/|[^/]+$)', 'Text never sees tensors.'),
    only(
      'gpu-below-model',
      '^src/engine/(gpu|cpu)/',
      '^src/engine/(gpu/|cpu/|pruning/(masks|select)\\.ts$|[^/]+$)',
      'Operations do not know models; of pruning, only which mask a matrix of numbers has.',
    ),
    only(
      'model-below-pruning',
      '^src/engine/model/',
      '^src/engine/(model/|gpu/|text/|[^/]+$)',
      'The encoder has never heard of masks.',
    ),
    only(
      'pruning-below-train',
      '^src/engine/pruning/',
      '^src/engine/(pruning/|model/|gpu/|text/|[^/]+$)',
      'Pruning does not know how training goes on.',
    ),
    only('uda-on-text', '^src/engine/uda/', '^src/engine/(uda/|text/|gpu/|[^/]+$)', 'UDA builds on text.'),
    only('hub-on-engine', '^src/hub/', '^src/(hub|engine|runs)/', 'The hub fetches; it runs nothing.'),
    only('runs-below-notebook', '^src/runs/', '^src/(runs|engine)/', 'A run knows neither notebook, page nor worker.'),
    only('worker-has-no-page', '^src/worker/', '^src/(worker|engine|runs|hub)/', 'The worker knows no page.'),
    only('notebook-below-ui', '^src/notebook/', '^src/(notebook|runs|hub|engine)/', 'A document knows no components.'),
    only('ui-below-main', '^src/ui/', '^src/(ui|notebook|runs|hub|engine)/', 'The page speaks to the worker through runs.'),
    {
      name: 'tensors-stay-in-the-engine',
      comment: 'Only the worker and the parts of the engine that compute import tfjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(worker|engine/(gpu|cpu|model|pruning|train|uda))/' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing uses is dead, or its user is missing.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'product-free-of-tests',
      comment: 'What ships does not import tests, tools or scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: tests },
    },
    {
      name: 'rivals-stay-in-the-bench',
      comment: 'What we are measured against the product never loads; but ONNX Runtime runs the translation models.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/worker/opus-mt\\.ts$' },
      to: { path: 'node_modules/(@jax-js|@huggingface|onnxruntime-web|@tensorflow/tfjs)/' },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/engine/cpu/assembly/' }, // AssemblyScript, another language
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
};
