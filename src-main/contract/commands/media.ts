// Commands about image files.
import { command } from './spec.ts';

const image = { name: 'FILE', complete: 'file' } as const;
const target = { name: 'TARGET', complete: 'file' } as const;

export const mediaCommands = {
  'disk create': command({
    group: 'media',
    summary: 'make an empty raw disk or floppy image',
    positionals: [image],
    options: {
      size: { type: 'string', value: 'SIZE', help: 'such as 20G, 512M or 1440K (needed)' },
      preallocate: { type: 'boolean', help: 'take all the space now' },
    },
    methods: ['medium.create', 'task.wait', 'task.cancel'],
    examples: ['ospite disk create disk.img --size 20G'],
  }),
  'disk info': command({
    group: 'media',
    summary: 'look into an image',
    positionals: [image],
    options: {},
    methods: ['medium.identify'],
    examples: ['ospite disk info debian.iso'],
  }),
  'disk list': command({
    group: 'media',
    summary: 'list the images that machines use, and those added',
    positionals: [],
    options: {},
    methods: ['medium.list'],
    examples: ['ospite disk list'],
  }),
  'disk copy': command({
    group: 'media',
    summary: 'copy an image to a new file',
    positionals: [image, target],
    options: {},
    methods: ['medium.copy', 'task.wait', 'task.cancel'],
    examples: ['ospite disk copy disk.img spare.img'],
  }),
  'disk move': command({
    group: 'media',
    summary: 'move an image; machines that use it follow',
    positionals: [image, target],
    options: {},
    methods: ['medium.move', 'task.wait', 'task.cancel'],
    examples: ['ospite disk move disk.img /data/disk.img'],
  }),
  'disk add': command({
    group: 'media',
    summary: 'put an image on the list of the media manager',
    positionals: [image],
    options: {},
    methods: ['medium.add'],
    examples: ['ospite disk add debian.iso'],
  }),
  'disk release': command({
    group: 'media',
    summary: 'take an image out of all machines that are off',
    positionals: [image],
    options: {},
    methods: ['medium.release'],
    examples: ['ospite disk release debian.iso'],
  }),
  'disk remove': command({
    group: 'media',
    summary: 'take an unused image off the list',
    positionals: [image],
    options: {
      delete: { type: 'boolean', help: 'delete the file, too' },
      yes: { type: 'boolean', short: 'y', help: 'do not ask before deleting' },
    },
    methods: ['medium.remove'],
    examples: ['ospite disk remove old.img --delete'],
  }),
} as const;
