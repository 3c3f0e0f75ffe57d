// Commands that look at a running machine and act on it as a person in front of it would.
import { machineState } from '../machine.ts';
import { command, machinePositional } from './spec.ts';

const driveOption = {
  type: 'string',
  value: 'N',
  help: 'which drive, as numbered by "ospite show"; needed when there are several',
} as const;

export const guestCommands = {
  view: command({
    group: 'guest',
    summary: 'open a machine’s console in a window',
    positionals: [machinePositional],
    options: {},
    methods: ['host.openWindow'],
    examples: ['ospite view dos'],
  }),
  console: command({
    group: 'guest',
    summary: 'join this terminal to a serial port',
    positionals: [machinePositional],
    options: { port: { type: 'string', value: '1-4', help: 'which serial port (1)', complete: ['1', '2', '3', '4'] } },
    methods: ['console.open', 'machine.serialInput'],
    details:
      'On a terminal, Ctrl-] leaves; the machine runs on. Without one, standard input is sent to the guest, and the command ends when\nthe machine does.',
    examples: ['ospite console debian', "printf 'root\\n' | ospite console debian"],
  }),
  text: command({
    group: 'guest',
    summary: 'print a machine’s text screen',
    positionals: [machinePositional],
    options: {},
    methods: ['machine.text'],
    examples: ['ospite text dos'],
  }),
  screenshot: command({
    group: 'guest',
    summary: 'write a machine’s screen to a PNG file',
    positionals: [machinePositional, { name: 'FILE.png', complete: 'file' }],
    options: { 'max-width': { type: 'string', value: 'PIXELS', help: 'make it smaller, keeping its shape' } },
    methods: ['machine.screenshot'],
    details: 'FILE - is standard output.',
    examples: ['ospite screenshot dos screen.png'],
  }),
  type: command({
    group: 'guest',
    summary: 'type a text at a machine, on a US keyboard',
    positionals: [machinePositional, { name: 'TEXT', isOptional: true }],
    options: { enter: { type: 'boolean', help: 'press Enter after it' } },
    methods: ['machine.type'],
    details: 'Without TEXT, types what comes on standard input.',
    examples: ["ospite type dos 'dir c:' --enter", 'ospite type debian < commands.txt'],
  }),
  key: command({
    group: 'guest',
    summary: 'press keys, such as ctrl-alt-delete',
    positionals: [machinePositional, { name: 'KEYS', isRepeated: true }],
    options: {},
    methods: ['machine.keys'],
    details:
      'KEYS are keys to press together, joined by "-": ctrl, shift, alt, altgr, win; a to z, 0 to 9, f1 to f24; enter, esc, tab,\nspace, backspace, insert, delete, home, end, pageup, pagedown, up, down, left, right, print, pause, menu; minus, comma ...\nor a key\'s DOM code, such as NumpadEnter. Several are pressed one after the other.',
    examples: ['ospite key debian ctrl-alt-delete', 'ospite key debian esc f12', 'ospite key debian ctrl-alt-f2'],
  }),
  wait: command({
    group: 'guest',
    summary: 'wait for a text, an output or a state',
    positionals: [machinePositional],
    options: {
      screen: { type: 'string', value: 'REGEX', help: 'until the text screen shows it' },
      serial: { type: 'string', value: 'REGEX', help: 'until the first serial port has printed it' },
      state: {
        type: 'string',
        value: 'STATE',
        help: `until the machine is ${machineState.options.join(', ')}`,
        complete: machineState.options,
      },
      timeout: { type: 'string', value: 'S', help: 'fail after S seconds (60)' },
    },
    methods: ['machine.wait'],
    details: 'Exit status 1 when it has not happened in time. Prints what was found.',
    examples: ["ospite wait dos --screen 'C:.>' && ospite type dos dir --enter", 'ospite wait dos --state poweredOff'],
  }),
  insert: command({
    group: 'guest',
    summary: 'put a disc or a floppy into a drive',
    positionals: [machinePositional, { name: 'FILE', complete: 'file' }],
    options: { drive: driveOption },
    methods: ['machine.get', 'machine.changeMedium'],
    examples: ['ospite insert dos disk2.img'],
  }),
  eject: command({
    group: 'guest',
    summary: 'take the medium out of a drive',
    positionals: [machinePositional],
    options: { drive: driveOption },
    methods: ['machine.get', 'machine.changeMedium'],
    examples: ['ospite eject dos --drive 2'],
  }),
  logs: command({
    group: 'observe',
    summary: 'print a machine’s log',
    positionals: [machinePositional],
    options: {
      follow: { type: 'boolean', short: 'f', help: 'go on with what comes' },
      list: { type: 'boolean', help: 'list the log files instead' },
      file: { type: 'string', value: 'NAME', help: 'an older one of these' },
    },
    methods: ['machine.log', 'machine.logs'],
    examples: ['ospite logs dos', 'ospite logs dos -f'],
  }),
  stats: command({
    group: 'observe',
    summary: 'print a running machine’s counters',
    positionals: [machinePositional],
    options: {
      watch: { type: 'boolean', short: 'w', help: 'a line each second, until Ctrl-C' },
      history: { type: 'boolean', help: 'what was measured in the last minutes' },
    },
    methods: ['machine.stats', 'machine.activity'],
    examples: ['ospite stats dos', 'ospite stats dos --watch'],
  }),
} as const;
