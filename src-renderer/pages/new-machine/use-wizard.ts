// The wizard's state, and the look into the files that it is given.
import { useEffect, useState } from 'react';
import { presetForName } from '../../../src-main/contract/os-presets.ts';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';
import { type MediumInfo, useMediumInfo } from '../settings/use-medium-info.ts';
import {
  edited,
  newWizard,
  problemsOfWizard,
  recognised,
  type WizardDraft,
  type WizardField,
  type WizardProblems,
  withOpenedFile,
} from './wizard-draft.ts';

export interface Wizard {
  draft: WizardDraft;
  problems: WizardProblems;
  /** What is known of the ISO image. */
  iso: MediumInfo;
  edit(change: Partial<WizardDraft>): void;
  /** The problem of a field that was typed into, or of any after `reveal`; an untouched form complains of nothing. */
  shownProblem(field: WizardField): string;
  reveal(): void;
}

export function useWizard(openedFile: string | null, group: string): Wizard {
  const { settings: text } = useText();
  const [state, setState] = useState(() => newWizard(openedFile, group));
  const [isRevealed, setIsRevealed] = useState(false);
  const machines = useHost((host) => host.machines);
  const { draft, touched } = state;
  const iso = useMediumInfo(draft.isoPath);
  const os = iso.identity?.os ?? null;
  useEffect(() => {
    if (os !== null) setState((before) => recognised(before, os));
  }, [os]);
  useEffect(() => {
    if (openedFile === null) return;
    // By its name alone an .img may be either; a kernel is no medium at all, and stays what its name says.
    client.call('medium.identify', { path: openedFile }).then(
      ({ kind }) =>
        setState((before) => (before.touched.size <= 1 ? withOpenedFile(before, openedFile, kind) : before)),
      () => {},
    );
  }, [openedFile]);
  const problems = problemsOfWizard(
    draft,
    machines.map(({ name }) => name),
    text,
  );
  return {
    draft,
    problems,
    iso,
    edit: (change) => setState((before) => edited(before, change, (name) => presetForName(name)?.id ?? null)),
    shownProblem: (field) => (isRevealed || touched.has(field) || draft[field] !== '' ? (problems[field] ?? '') : ''),
    reveal: () => setIsRevealed(true),
  };
}
