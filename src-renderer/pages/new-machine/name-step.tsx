// Name, disc and system.
import CheckCircleIcon from '@mui/icons-material/CheckCircleOutlined';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { presetFor } from '../../../src-main/contract/os-presets.ts';
import { useHost } from '../../client/store.ts';
import { SwitchControl, TextControl } from '../../forms/controls.tsx';
import { Field } from '../../forms/field.tsx';
import { OsFields } from '../../forms/os-control.tsx';
import { PathControl } from '../../forms/path-control.tsx';
import { mediumExtensions } from '../../forms/use-file-choice.tsx';
import { useText } from '../../i18n/text.ts';
import type { Wizard } from './use-wizard.ts';

export function NameStep({ wizard }: { wizard: Wizard }): ReactElement {
  const { wizard: text, settings } = useText();
  const { draft, edit, shownProblem } = wizard;
  const folder = useMachineFolder(draft.name);
  return (
    <>
      <Field {...settings.fields.name} error={shownProblem('name')}>
        {(ids) => (
          <TextControl
            ids={ids}
            hasFocus
            value={draft.name}
            isInvalid={shownProblem('name') !== ''}
            onChange={(name) => edit({ name })}
          />
        )}
      </Field>
      <Field label={text.folder} isGroup>
        {() => (
          <Typography variant="body2" sx={{ py: 1.2, overflowWrap: 'anywhere', color: 'text.secondary' }}>
            {folder}
          </Typography>
        )}
      </Field>
      <Field {...text.isoPath} error={shownProblem('isoPath')}>
        {(ids) => (
          <PathControl
            ids={ids}
            title={text.isoPath.label}
            value={draft.isoPath}
            extensions={mediumExtensions.cdrom}
            isInvalid={shownProblem('isoPath') !== ''}
            onChange={(isoPath) => edit({ isoPath })}
          />
        )}
      </Field>
      <Recognition wizard={wizard} />
      <OsFields os={draft.os} onChange={(os) => edit({ os })} />
      <Field label="" isGroup help={text.unattendedHelp}>
        {(ids) => (
          <SwitchControl
            ids={ids}
            title={text.unattended}
            isOn={false}
            reason={text.unattendedHelp}
            onChange={() => {}}
          />
        )}
      </Field>
    </>
  );
}

/** What the disc told of itself. Its line is always there, so that nothing jumps when the answer arrives. */
function Recognition({ wizard }: { wizard: Wizard }): ReactElement {
  const { wizard: text, settings } = useText();
  const { draft, iso } = wizard;
  const { identity, problem, isPending } = iso;
  const known = identity?.os ?? null;
  const isKnown = known !== null;
  const message =
    draft.isoPath === ''
      ? ''
      : isPending
        ? text.recognising
        : problem !== ''
          ? problem
          : known !== null
            ? text.recognised(settings.osTitle(known, presetFor(known).title))
            : identity && !identity.isBootable
              ? text.notBootable
              : identity
                ? text.notRecognised
                : '';
  return (
    <Field label="" isGroup>
      {() => (
        <Box
          role="status"
          sx={{
            display: 'flex',
            gap: 1,
            alignItems: 'center',
            minHeight: '2rem',
            typography: 'body2',
            color: problem !== '' ? 'error.main' : isKnown ? 'success.main' : 'text.secondary',
          }}
        >
          {isKnown && message !== '' && <CheckCircleIcon fontSize="small" />}
          {message}
        </Box>
      )}
    </Field>
  );
}

/** Where the machine's folder will be. */
export function useMachineFolder(name: string): string {
  const parent = useHost((host) => host.info?.machineFolder) ?? '';
  return `${parent}${parent.includes('\\') ? '\\' : '/'}${name}`;
}
