// Lets a person choose a file of the host: the system's dialog in the desktop application, our own in a browser.
import { type ReactElement, useState } from 'react';
import { client } from '../client/client.ts';
import { FileChooser } from '../components/file-chooser.tsx';

export interface FileChoice {
  title: string;
  /** File name endings shown first. */
  extensions: string[];
  onChoose(path: string): void;
}

/** Call the function to ask; render the element. */
export function useFileChoice(): [ask: (choice: FileChoice) => void, dialog: ReactElement | null] {
  const [choice, setChoice] = useState<FileChoice | null>(null);
  const ask = (wanted: FileChoice): void => {
    const desktop = window.ospiteDesktop;
    if (!desktop) return setChoice(wanted);
    void desktop.chooseFile({ title: wanted.title, extensions: wanted.extensions }).then((path) => {
      if (path !== null) wanted.onChoose(path);
    });
  };
  const dialog = choice && (
    <FileChooser
      isOpen
      title={choice.title}
      extensions={choice.extensions}
      browse={(path) => client.call('host.browse', { path })}
      onClose={() => setChoice(null)}
      onChoose={(path) => {
        setChoice(null);
        choice.onChoose(path);
      }}
    />
  );
  return [ask, dialog];
}

/** Endings of the files that a drive takes. */
export const mediumExtensions = {
  disk: ['.img', '.raw', '.dd'],
  cdrom: ['.iso'],
  floppy: ['.img', '.ima', '.flp', '.vfd'],
} as const satisfies Record<string, string[]>;
