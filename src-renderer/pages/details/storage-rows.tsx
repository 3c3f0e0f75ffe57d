// The drives of a machine by controller, with their media.
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Fragment, type ReactElement, type ReactNode } from 'react';
import type { Attachment } from '../../../src-main/contract/machine.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { controllers, seatedOn } from '../settings/storage-plan.ts';
import { MediumEditor } from './medium-editor.tsx';

export function StorageRows({ machineId, storage }: { machineId: string; storage: Attachment[] }): ReactElement {
  const { details: text, settings: words } = useText();
  if (storage.length === 0) return <Properties rows={[[text.drives, text.noDrives]]} />;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {controllers.map((bus) => {
        const seated = seatedOn(bus, storage);
        if (seated.length === 0) return null;
        const rows = seated.map(({ attachment, index, place }): [string, ReactNode] => [
          bus === 'ide'
            ? capital(words.storage.ideChannel(place >> 1, place & 1))
            : capital(words.storage.device(place)),
          attachment.type === 'disk' ? (
            <span key={index} title={attachment.path ?? ''}>
              {attachment.path?.split(/[/\\]/).at(-1)}
              {attachment.readOnly ? ` (${text.readOnly})` : ''}
            </span>
          ) : (
            <Fragment key={index}>
              {`[${words.drives[attachment.type]}] `}
              <MediumEditor machineId={machineId} index={index} attachment={attachment} />
            </Fragment>
          ),
        ]);
        return (
          <div key={bus}>
            <Typography variant="caption" color="text.secondary" component="h3" sx={{ m: 0, mb: 0.25 }}>
              {words.controllers[bus]}
            </Typography>
            <Properties rows={rows} />
          </div>
        );
      })}
    </Box>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
