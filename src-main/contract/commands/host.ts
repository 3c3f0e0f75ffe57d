// Commands about Ospite itself, and the throw-away machine.
import { machineOptions } from '../machine-options.ts';
import { command } from './spec.ts';

export const hostCommands = {
  run: command({
    group: 'quick',
    summary: 'run one throw-away machine in this terminal',
    positionals: [],
    options: {
      ...machineOptions,
      display: { type: 'string', value: 'none', help: 'where the screen goes (none)', complete: ['none'] },
      screenshot: { type: 'string', value: 'FILE.png', help: 'write the screen when the run ends', complete: 'file' },
      'screenshot-after': { type: 'string', value: 'S', help: 'write it after S seconds instead' },
      'until-serial': { type: 'string', value: 'REGEX', help: 'end well once the first serial port printed it' },
      'until-screen': { type: 'string', value: 'REGEX', help: 'end well once the text screen shows it' },
      timeout: { type: 'string', value: 'S', help: 'end with status 124 after S seconds' },
      stats: { type: 'string', value: 'FILE.json', help: 'write counters of the run', complete: 'file' },
      'no-reboot': { type: 'boolean', help: 'end with status 4 when the guest resets' },
    },
    parts: { memory: 'Machine options', display: 'Run options' },
    methods: [],
    details: `Its first serial port is the terminal; Ctrl-] ends it. --json describes the end on standard error.

Exit status: 0 the guest powered off or --until matched, 3 triple fault, 4 reset with --no-reboot, 124 timeout, 1 error,
2 wrong usage.`,
    examples: [
      "ospite run --cdrom rescue.iso --until-screen 'login:' --screenshot screen.png",
      'ospite run --kernel vmlinuz --initrd initrd.gz --append console=ttyS0',
    ],
  }),
  open: command({
    group: 'host',
    summary: 'open the desktop, or what a double-click on FILE does',
    positionals: [{ name: 'FILE', complete: 'file', isOptional: true, isRepeated: true }],
    options: {},
    methods: ['host.openWindow'],
    details:
      'Without a command, ospite does this. The desktop is Electron’s where its binary is installed, otherwise a browser window. For a\ndisc, disk or floppy image, the New dialog opens. When Ospite already runs, its windows are used.',
    examples: ['ospite', 'ospite open debian.iso'],
  }),
  serve: command({
    group: 'host',
    summary: 'serve the GUI and the API to browsers',
    positionals: [],
    options: {
      listen: { type: 'string', value: 'ADDRESS:PORT', help: 'where; port 0 takes a free one (127.0.0.1:0)' },
      'no-open': { type: 'boolean', help: 'only print the link' },
      'password-file': {
        type: 'string',
        value: 'FILE',
        help: 'password for --listen beyond this computer; also OSPITE_PASSWORD',
        complete: 'file',
      },
    },
    methods: ['host.serve'],
    details: `Prints a link that lets one browser in, once. Beyond this computer, TLS is used, and a password is needed: from a file, from
the environment, or asked for on a terminal. When Ospite already runs, it serves, and the command ends; otherwise
Ctrl-C ends Ospite and gives running machines what the preference onHostExit says.`,
    examples: ['ospite serve --no-open', 'ospite serve --listen 0.0.0.0:8443 --password-file secret.txt'],
  }),
  doctor: command({
    group: 'host',
    summary: 'examine this host: what works, what not, and why',
    positionals: [],
    options: {},
    methods: ['host.doctor'],
    details: 'Exit status 1 when no machine can run here.',
    examples: ['ospite doctor', 'ospite doctor --json'],
  }),
  'preferences get': command({
    group: 'host',
    summary: 'print the preferences, or one of them',
    positionals: [{ name: 'KEY', isOptional: true }],
    options: {},
    methods: ['preferences.get'],
    examples: ['ospite preferences get', 'ospite preferences get machineFolder'],
  }),
  'preferences set': command({
    group: 'host',
    summary: 'change preferences',
    positionals: [{ name: 'KEY=VALUE', isRepeated: true }],
    options: {},
    methods: ['preferences.set'],
    details: 'VALUE is a word, or JSON where a list or an object is meant; null is none.',
    examples: ['ospite preferences set theme=dark language=it', 'ospite preferences set machineFolder=/data/machines'],
  }),
  'tasks list': command({
    group: 'host',
    summary: 'list what takes longer',
    positionals: [],
    options: {},
    methods: ['task.list'],
    examples: ['ospite tasks list'],
  }),
  'tasks wait': command({
    group: 'host',
    summary: 'wait for a task’s end',
    positionals: [{ name: 'TASK' }],
    options: {},
    methods: ['task.wait'],
    examples: [],
  }),
  'tasks cancel': command({
    group: 'host',
    summary: 'ask a task to stop',
    positionals: [{ name: 'TASK' }],
    options: {},
    methods: ['task.cancel'],
    details: 'TASK is its id, or the beginning of it.',
    examples: ['ospite tasks cancel 3f2a'],
  }),
  'tasks dismiss': command({
    group: 'host',
    summary: 'forget an ended task',
    positionals: [{ name: 'TASK' }],
    options: {},
    methods: ['task.dismiss'],
    examples: [],
  }),
  quit: command({
    group: 'host',
    summary: 'end Ospite',
    positionals: [],
    options: {
      acpi: { type: 'boolean', help: 'press the power button of running machines, and wait' },
      force: { type: 'boolean', help: 'pull their plug' },
    },
    methods: ['host.shutDown'],
    details: 'Without an option, running machines get what the preference onHostExit says.',
    examples: ['ospite quit'],
  }),
  completion: command({
    group: 'host',
    summary: 'print a script that completes commands',
    positionals: [{ name: 'SHELL', complete: ['bash', 'zsh', 'fish'] }],
    options: {},
    methods: [],
    details: `  bash:  source <(ospite completion bash)  in ~/.bashrc
  zsh:   source <(ospite completion zsh)   in ~/.zshrc, after compinit
  fish:  ospite completion fish | source   in ~/.config/fish/config.fish`,
    examples: ['ospite completion bash'],
  }),
  help: command({
    group: 'host',
    summary: 'explain a command',
    positionals: [{ name: 'COMMAND', complete: 'command', isOptional: true, isRepeated: true }],
    options: {},
    methods: [],
    examples: ['ospite help', 'ospite help disk create'],
  }),
  host: command({
    group: 'host',
    summary: 'be the background process that owns the machines',
    positionals: [],
    options: {},
    methods: [],
    examples: [],
    isHidden: true,
  }),
} as const;
