// Commands that start, hold and end machines.
import { command, machinePositional } from './spec.ts';

export const powerCommands = {
  start: command({
    group: 'power',
    summary: 'start a machine',
    positionals: [machinePositional],
    options: {
      headless: { type: 'boolean', help: 'open no window' },
      disposable: { type: 'boolean', help: 'throw away at power-off whatever the guest writes' },
      paused: { type: 'boolean', help: 'start it paused, before its first instruction' },
    },
    methods: ['machine.start', 'host.openWindow'],
    details:
      'Starts Ospite in the background when it does not run. The console opens in a window, unless the machine is set to start\nheadless or there is no graphical session.',
    examples: ['ospite start dos', 'ospite start dos --headless --disposable'],
  }),
  pause: command({
    group: 'power',
    summary: 'stop a machine’s time',
    positionals: [machinePositional],
    options: {},
    methods: ['machine.pause'],
    examples: ['ospite pause dos'],
  }),
  resume: command({
    group: 'power',
    summary: 'let a paused machine go on',
    positionals: [machinePositional],
    options: {},
    methods: ['machine.resume'],
    examples: ['ospite resume dos'],
  }),
  reset: command({
    group: 'power',
    summary: 'press a machine’s reset button',
    positionals: [machinePositional],
    options: {},
    methods: ['machine.reset'],
    examples: ['ospite reset dos'],
  }),
  stop: command({
    group: 'power',
    summary: 'shut a machine down, or pull its plug',
    positionals: [machinePositional],
    options: {
      acpi: { type: 'boolean', help: 'press the ACPI power button and wait until the guest is off (the default)' },
      force: { type: 'boolean', help: 'pull the plug' },
      timeout: { type: 'string', value: 'S', help: 'wait at most S seconds for the guest (60); 0 does not wait' },
    },
    methods: ['machine.powerButton', 'machine.powerOff', 'machine.wait'],
    details: 'Exit status 1 when the guest is still running after the time.',
    examples: ['ospite stop debian', 'ospite stop debian --timeout 300 || ospite stop debian --force'],
  }),
} as const;
