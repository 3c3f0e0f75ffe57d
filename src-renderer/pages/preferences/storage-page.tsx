// Where Ospite keeps what, for those who look for a file or make a backup.
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { copyText } from '../../app/clipboard.ts';
import { attempt, useHost } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';

export function StoragePage(): ReactElement {
  const { preferences } = useText();
  const text = preferences.storage;
  const info = useHost((host) => host.info);
  const separator = info?.home.includes('\\') ? '\\' : '/';
  return (
    <Stack spacing={2}>
      <Typography variant="body2" color="textSecondary">
        {text.intro}
      </Typography>
      {info && (
        <>
          <Place title={text.home} path={info.home} help={text.homeHelp} />
          <Place title={text.machines} path={info.machineFolder} help={text.machinesHelp} />
          <Place
            title={text.preferences}
            path={`${info.home}${separator}preferences.json`}
            help={text.preferencesHelp}
          />
        </>
      )}
    </Stack>
  );
}

function Place({ title, path, help }: { title: string; path: string; help: string }): ReactElement {
  const { common } = useText();
  return (
    <Box>
      <Typography variant="subtitle2" component="h4">
        {title}
      </Typography>
      <Stack direction="row" sx={{ alignItems: 'center' }}>
        <Typography
          variant="body2"
          sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere', minWidth: 0, userSelect: 'text' }}
        >
          {path}
        </Typography>
        <Tooltip title={common.copy}>
          <IconButton
            size="small"
            aria-label={`${common.copy}: ${title}`}
            onClick={() => void attempt(() => copyText(path))}
          >
            <ContentCopyIcon fontSize="inherit" />
          </IconButton>
        </Tooltip>
      </Stack>
      <Typography variant="caption" color="textSecondary">
        {help}
      </Typography>
    </Box>
  );
}
