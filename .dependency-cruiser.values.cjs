// What the browser loads: imports of types are gone here, so a chain of these is a chain of code.
const { options } = require('./.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'page-never-reaches-tensors',
      comment: 'Nothing that the page imports leads to tfjs: it would land in the page’s bundle.',
      severity: 'error',
      from: { path: '^src/(main|(ui|notebook|runs)/)' },
      to: { path: '@tensorflow/', reachable: true },
    },
    {
      name: 'no-cycles',
      comment: 'Modules must not wait for each other to load.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
