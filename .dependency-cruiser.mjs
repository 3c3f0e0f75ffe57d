// Who may import whom (docs/architecture.md has the table). Every rule says what to do instead.
const pure = '^src-main/(contract|core|engine|storage|network)/';
const testFile = '\\.test\\.tsx?$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other are one file, or miss a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-electron',
      severity: 'error',
      comment: 'The headless core must load under plain Node; move the Electron call into src-main/electron.',
      from: { path: '^src-main/(?!electron/)' },
      to: { path: ['^src-main/electron/', '^electron$'] },
    },
    {
      name: 'electron-types-only',
      severity: 'error',
      comment: 'Loading electron outside Electron tries to download it: import types, take the objects by injection.',
      from: { path: '^src-main/electron/(?!boot|preload)' },
      to: { path: 'node_modules/electron/', dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'contract-is-pure',
      severity: 'error',
      comment: 'The contract travels to every client: zod, itself and config.ts schemas only.',
      from: { path: '^src-main/contract/', pathNot: testFile },
      to: { pathNot: ['^src-main/contract/', '/config\\.ts$', 'node_modules/zod'] },
    },
    {
      name: 'config-is-pure',
      severity: 'error',
      comment: 'A config.ts is a schema that travels to the renderer: zod and contract/primitives only.',
      from: { path: '^src-main/.*/config\\.ts$' },
      to: { pathNot: ['^src-main/contract/primitives\\.ts$', 'node_modules/zod'] },
    },
    {
      name: 'pure-folders-know-no-node',
      severity: 'error',
      comment:
        'Take files, sockets, time and random numbers as a core/backends interface; implement it in src-main/host.',
      from: { path: pure, pathNot: ['^src-main/engine/(worker|handle|machine-worker)', testFile] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'device-knows-only-its-bus',
      severity: 'error',
      comment:
        'A device may use engine/bus, engine/virtio and core. Need RAM? DmaAccess. Need a file or socket? A backend from core/backends.',
      from: { path: '^src-main/engine/devices/([^/]+)/', pathNot: testFile },
      to: {
        path: '^src-main/',
        pathNot: [
          '^src-main/engine/(bus|virtio)/',
          '^src-main/core/',
          '^src-main/contract/primitives',
          '^src-main/engine/devices/$1/',
          '^src-main/engine/devices/device-module',
        ],
      },
    },
    {
      name: 'storage-and-network-stand-alone',
      severity: 'error',
      comment: 'Not engine, not each other, not manager; the worker joins them.',
      from: { path: '^src-main/(storage|network)/', pathNot: testFile },
      to: { path: '^src-main/', pathNot: ['^src-main/core/', '^src-main/contract/', '^src-main/$1/'] },
    },
    {
      name: 'engine-knows-no-manager',
      severity: 'error',
      comment: 'The engine is one machine; what spans machines belongs to manager.',
      from: { path: '^src-main/engine/' },
      to: { path: '^src-main/(manager|api|cli|electron|appliance)/' },
    },
    {
      name: 'manager-knows-no-door',
      severity: 'error',
      comment: 'The manager is driven through api; it pushes events and knows no transport.',
      from: { path: '^src-main/manager/' },
      to: { path: '^src-main/(api|cli|electron)/' },
    },
    {
      name: 'api-client-stands-alone',
      severity: 'error',
      comment:
        'The command line loads the client for every call: contract and core only, nothing of the host behind it.',
      from: { path: '^src-main/api/client/', pathNot: testFile },
      to: { path: '^src-main/', pathNot: ['^src-main/(contract|core)/', '^src-main/api/client/'] },
    },
    {
      name: 'renderer-sees-only-the-contract',
      severity: 'error',
      comment: 'The renderer talks to the host through its client; share vocabulary through src-main/contract.',
      from: { path: '^src-renderer/', pathNot: testFile },
      to: { path: '^src-main/', pathNot: ['^src-main/contract/', '/config\\.ts$'] },
    },
    {
      name: 'renderer-knows-no-node',
      severity: 'error',
      comment: 'The renderer runs in a sandbox.',
      from: { path: '^src-renderer/', pathNot: testFile },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-a-composition-root',
      severity: 'error',
      comment: 'cli and electron put the parts together; nothing depends on them.',
      from: { path: '^src-main/(?!cli/|electron/)' },
      to: { path: '^src-main/(cli|electron)/' },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      comment: 'What the main process loads at run time must be a dependency.',
      from: { path: '^src-main/', pathNot: [testFile, '^src-main/engine/cpu/core/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/electron/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^src-main/engine/cpu/core/(?!layout)', '^dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
